/** The Remove button: says what goes, or why nothing can go, and asks for the edit. */
import { request } from "../api.js";
import { byId } from "../dom.js";
import { listing } from "../format.js";
import { toast, toastError } from "../toast.js";
import { maskPng } from "./mask-png.js";
import { names } from "./objects.js";
import { isUnfinished, placed } from "./store.js";
import { paints } from "./strokes.js";

const NOTHING = "Nothing is chosen yet: tick an object, or paint.";

class NothingPainted extends Error {}

/**
 * @param {import("./types.js").EditorState} state
 * @returns {string[]} names of what goes
 */
function chosen(state) {
  const called = names([...placed(state)].sort((a, b) => b.confidence - a.confidence));
  const words = [...state.ticked].map((id) => called.get(id)).filter(Boolean);
  if (paints(state.strokes)) words.push("what you painted");
  return words;
}

/** @param {import("./types.js").EditorState} state */
function reason(state) {
  if (state.sending) return "Sending…";
  const words = chosen(state);
  if (!words.length) return NOTHING;
  const later = state.edits.some(isUnfinished) ? " It is done after the edits that are at work." : "";
  return `Goes: ${listing(words)}.${later}`;
}

/**
 * Send what is chosen to an address that takes the body of an edit.
 * @param {string} path
 * @param {import("./types.js").EditorState} state
 * @param {{longest?: number, signal?: AbortSignal}} [options] `longest`: of the mask, where a smaller one does
 * @returns {Promise<any>} the answer
 */
export async function send(path, { photo, ticked, strokes, shadows, inpainter }, { longest, signal } = {}) {
  const settings = inpainter ? { shadows, inpainter } : { shadows };
  const json = { detections: [...ticked], ...settings };
  if (!paints(strokes)) return request("POST", path, { json, signal });
  const { png, covered } = await maskPng(strokes, photo, longest);
  if (!covered && ticked.size) return request("POST", path, { json, signal });
  if (!covered) throw new NothingPainted();
  const form = new FormData();
  for (const id of ticked) form.append("detections", id);
  for (const [name, value] of Object.entries(settings)) form.append(name, value);
  form.append("mask_file", png, "mask.png");
  return request("POST", path, { form, signal });
}

/**
 * @param {import("./types.js").Store} store
 * @param {ReturnType<typeof import("./data.js").createData>} data
 * @param {() => void} wake
 */
export function mountRemove(store, data, wake) {
  const button = byId("remove");
  const text = byId("remove-reason");

  store.on(["ticked", "strokes", "detections", "edits", "sending", "photo"], (state) => {
    text.textContent = reason(state);
    button.disabled = state.sending || !state.photo || !chosen(state).length;
  });
  button.addEventListener("click", async () => {
    const asked = store.get();
    store.set({ sending: true });
    try {
      const edit = await send(`${data.path}edits/`, asked);
      const strokes = store.get().strokes.filter((stroke) => !asked.strokes.includes(stroke));
      const ticked = new Set([...store.get().ticked].filter((id) => !asked.ticked.has(id)));
      store.set({ edits: [edit, ...store.get().edits], strokes, ticked });
      wake();
    } catch (error) {
      if (!(error instanceof NothingPainted)) toastError(error);
      else {
        store.set({ strokes: [] });
        toast("All that you painted is erased again. Paint over what should go.");
      }
    } finally {
      store.set({ sending: false });
    }
  });
}
