/** Warnings before Remove is pressed: the selection will probably not be filled well. */
import { getMessage, hasStatus } from "../api.js";
import { createElement, createIcon, getElement } from "../dom.js";
import { postSelection } from "./remove.js";
import { hasPaint } from "./strokes.js";

/** @import { EditorState, Store } from "./types.js" */

const QUIET_MS = 350;
/** The server does not look at a larger mask either. */
const MAX_MASK_SIDE = 512;
const UNPROCESSABLE = 422;

/**
 * Load the warnings about a selection.
 * @param {string} path of the photo in the API
 * @param {EditorState} state
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>} empty after an error, because Remove works without them
 */
async function loadWarnings(path, state, signal) {
  try {
    const options = { maxSide: MAX_MASK_SIDE, signal };
    /** @type {{warnings: {message: string}[]}} */
    const { warnings } = await postSelection(`${path}edits/forewarnings/`, state, options);
    return warnings.map(({ message }) => message);
  } catch (error) {
    return hasStatus(error, UNPROCESSABLE) ? [getMessage(error)] : [];
  }
}

/** @param {string} sentence */
function createNotice(sentence) {
  return createElement(
    "p",
    { class: "notice notice-warn" },
    createIcon("warn"),
    createElement("span", {}, sentence),
  );
}

/**
 * @param {Store} store
 * @param {string} path of the photo in the API
 */
export function mountForewarnings(store, path) {
  const list = getElement("forewarnings");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let controller = new AbortController();

  /** @param {string[]} sentences */
  const show = (sentences) => list.replaceChildren(...sentences.map(createNotice));
  store.on(["ticked", "strokes", "shadows", "photo"], (state) => {
    clearTimeout(timer);
    controller.abort();
    if (!state.photo?.can_edit || (!state.ticked.size && !hasPaint(state.strokes))) return show([]);
    controller = new AbortController();
    const { signal } = controller;
    timer = setTimeout(async () => {
      const sentences = await loadWarnings(path, state, signal);
      if (!signal.aborted) show(sentences);
    }, QUIET_MS);
  });
}
