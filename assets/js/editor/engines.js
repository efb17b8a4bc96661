/** The choice of the inpainter, and why another one is not available. */
import { get } from "../api.js";
import { createElement, getElement } from "../dom.js";
import { joinWords } from "../format.js";
import { showError } from "../toast.js";

/** @import { Engines, Inpainter } from "../api-types.js" */
/** @import { Store } from "./types.js" */

const NONE =
  "Nothing can be removed at the moment: no way to fill a gap is installed on this server.";

/**
 * Group inpainters by whether this server can use them; optional ones are not missed.
 * @param {Inpainter[]} inpainters
 */
function groupByAvailability(inpainters) {
  return {
    available: inpainters.filter((inpainter) => inpainter.available),
    missing: inpainters.filter(({ available, optional }) => !available && !optional),
  };
}

/**
 * Describe which inpainter is used and which ones are missing.
 * @param {Pick<Engines, "inpainters" | "default_inpainter">} engines
 * @returns {string} empty if there is nothing worth a note
 */
export function describeEngines({ inpainters, default_inpainter: defaultName }) {
  const { available, missing } = groupByAvailability(inpainters);
  if (!available.length) return NONE;
  const title = available.find(({ name }) => name === defaultName)?.title;
  const fills = available.length === 1 && title ? `${title} fills the gap` : "";
  const titles = missing.map((inpainter) => inpainter.title);
  const lacks = titles.length
    ? `${joinWords(titles)} ${titles.length > 1 ? "are" : "is"} missing`
    : "";
  return [fills, lacks].filter(Boolean).join("; ");
}

/** @param {Engines} engines */
function showNote(engines) {
  const { missing } = groupByAvailability(engines.inpainters);
  const summary = describeEngines(engines);
  getElement("engine-summary").textContent = summary;
  getElement("engine-reason").textContent = missing.map(({ reason }) => reason).join(" ");
  getElement("engine-note").classList.toggle("has-reason", missing.length > 0);
  getElement("engine-note").hidden = !summary;
}

/** @param {Store} store */
export async function mountEngines(store) {
  const select = getElement("engine", HTMLSelectElement);
  select.addEventListener("change", () => store.set({ inpainter: select.value }));
  try {
    /** @type {Engines} */
    const engines = await get("engines/");
    const { available } = groupByAvailability(engines.inpainters);
    select.replaceChildren(
      ...available.map(({ name, title }) => createElement("option", { value: name }, title)),
    );
    select.value = engines.default_inpainter;
    getElement("engine-choice").hidden = available.length < 2;
    showNote(engines);
    store.set({ engines, inpainter: engines.default_inpainter });
  } catch (error) {
    showError(error);
  }
}
