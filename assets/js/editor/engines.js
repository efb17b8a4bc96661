/** Which inpainter fills the hole, and why another one can't. */
import { get } from "../api.js";
import { byId, el } from "../dom.js";
import { listing } from "../format.js";
import { toastError } from "../toast.js";

const NONE = "Nothing can be removed at the moment: no way to fill a gap is installed on this server.";

/** @param {import("./types.js").Engines} engines */
function tell({ inpainters, default_inpainter: used }) {
  const available = inpainters.filter((inpainter) => inpainter.available);
  const missing = inpainters.filter((inpainter) => !inpainter.available);
  const title = available.find((inpainter) => inpainter.name === used)?.title;
  const fills = available.length === 1 && title ? `${title} fills the gap` : "";
  const lacks = missing.length ? `${listing(missing.map((inpainter) => inpainter.title))} is missing` : "";
  byId("engine-summary").textContent = available.length ? [fills, lacks].filter(Boolean).join("; ") : NONE;
  byId("engine-reason").textContent = missing.map((inpainter) => `${inpainter.title}: ${inpainter.reason}`).join(" ");
  byId("engine-note").classList.toggle("has-reason", missing.length > 0);
  byId("engine-note").hidden = !byId("engine-summary").textContent;
}

/**
 * @param {import("./types.js").Store} store
 */
export async function mountEngines(store) {
  const select = byId("engine");
  select.addEventListener("change", () => store.set({ inpainter: select.value }));
  try {
    const engines = await get("engines/");
    const available = engines.inpainters.filter((inpainter) => inpainter.available);
    select.replaceChildren(...available.map((inpainter) => el("option", { value: inpainter.name }, inpainter.title)));
    select.value = engines.default_inpainter;
    byId("engine-choice").hidden = available.length < 2;
    tell(engines);
    store.set({ engines, inpainter: engines.default_inpainter });
  } catch (error) {
    toastError(error);
  }
}
