/** The Remove button: shows what will be removed, or why nothing can be, and requests the edit. */
import { request } from "../api.js";
import { getElement } from "../dom.js";
import { joinWords } from "../format.js";
import { showError, showToast } from "../toast.js";
import { renderMaskPng } from "./mask-png.js";
import { getPlacedDetections, isUnfinished, nameDetections, sortByConfidence } from "./store.js";
import { hasPaint } from "./strokes.js";

/** @import { EditorData } from "./data.js" */
/** @import { EditorState, Store } from "./types.js" */

const NOTHING = "Nothing is chosen yet: tick an object, or paint.";

/** The strokes cover no pixel: all that was painted is erased. */
class EmptyMaskError extends Error {}

/**
 * Name what the selection contains.
 * @param {Pick<EditorState, "detections" | "ticked" | "strokes">} state
 * @returns {string[]}
 */
export function nameSelection(state) {
  const names = nameDetections(sortByConfidence(getPlacedDetections(state)));
  const words = [...state.ticked].flatMap((id) => names.get(id) || []);
  if (hasPaint(state.strokes)) words.push("what you painted");
  return words;
}

/**
 * Describe what the button will do.
 * @param {EditorState} state
 */
export function describeSelection(state) {
  if (state.sending) return "Sending…";
  const words = nameSelection(state);
  if (!words.length) return NOTHING;
  const later = state.edits.some(isUnfinished)
    ? " It is done after the edits that are at work."
    : "";
  return `Goes: ${joinWords(words)}.${later}`;
}

/**
 * Post the selection to a URL that takes the body of an edit. Throw an `EmptyMaskError` if nothing
 * is ticked and the strokes cover no pixel.
 * @param {string} path
 * @param {EditorState} state with a photo
 * @param {{maxSide?: number, signal?: AbortSignal}} [options] `maxSide` of the mask: smaller than
 *   the photo if that is enough
 * @returns {Promise<any>} the response
 */
export async function postSelection(path, state, { maxSide, signal } = {}) {
  const { photo, ticked, strokes, shadows, inpainter } = state;
  const settings = inpainter ? { shadows, inpainter } : { shadows };
  const postJson = () =>
    request("POST", path, { json: { detections: [...ticked], ...settings }, signal });
  if (!photo || !hasPaint(strokes)) return postJson();
  const { png, count } = await renderMaskPng(strokes, photo, maxSide);
  if (!count && ticked.size) return postJson();
  if (!count) throw new EmptyMaskError();
  const form = new FormData();
  for (const id of ticked) form.append("detections", id);
  for (const [name, value] of Object.entries(settings)) form.append(name, String(value));
  form.append("mask_file", png, "mask.png");
  // What goes is exactly what was shown while painting; other masks grow a little.
  form.append("grow", "0");
  return request("POST", path, { form, signal });
}

/**
 * Request the edit. What was selected meanwhile stays selected.
 * @param {Store} store
 * @param {EditorData} data
 */
async function requestEdit(store, data) {
  const selection = store.get();
  const edit = await postSelection(`${data.path}edits/`, selection);
  const now = store.get();
  const strokes = now.strokes.filter((stroke) => !selection.strokes.includes(stroke));
  const ticked = new Set([...now.ticked].filter((id) => !selection.ticked.has(id)));
  store.set({ edits: [edit, ...now.edits], strokes, ticked });
}

/**
 * @param {Store} store
 * @param {EditorData} data
 * @param {() => void} wake starts the polling
 */
export function mountRemove(store, data, wake) {
  const button = getElement("remove", HTMLButtonElement);
  const text = getElement("remove-reason");

  store.on(["ticked", "strokes", "detections", "edits", "sending", "photo"], (state) => {
    text.textContent = describeSelection(state);
    button.disabled = state.sending || !state.photo || !nameSelection(state).length;
  });
  button.addEventListener("click", async () => {
    store.set({ sending: true });
    try {
      await requestEdit(store, data);
      wake();
    } catch (error) {
      if (!(error instanceof EmptyMaskError)) showError(error);
      else {
        store.set({ strokes: [] });
        showToast("All that you painted is erased again. Paint over what should go.");
      }
    } finally {
      store.set({ sending: false });
    }
  });
}
