/** Before Remove is pressed: tell when what is chosen will probably not be filled well. */
import { byId, el, icon } from "../dom.js";
import { send } from "./remove.js";
import { paints } from "./strokes.js";

const QUIET_MS = 350;
/** The server looks at no more than this either. */
const LONGEST_MASK = 512;
const REFUSED = 422;

/**
 * @param {string} path of the photo in the API
 * @param {import("./types.js").EditorState} state
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>} sentences; none where nobody could be asked, for Remove works all the same
 */
async function ask(path, state, signal) {
  try {
    const { warnings } = await send(`${path}edits/forewarnings/`, state, { longest: LONGEST_MASK, signal });
    return warnings.map((warning) => warning.message);
  } catch (error) {
    return error.status === REFUSED ? [error.message] : [];
  }
}

/**
 * @param {import("./types.js").Store} store
 * @param {string} path of the photo in the API
 */
export function mountForewarnings(store, path) {
  const list = byId("forewarnings");
  let timer = 0;
  let asking = new AbortController();

  const show = (sentences) => list.replaceChildren(...sentences.map((sentence) => el("p", { class: "notice notice-warn" }, icon("warn"), el("span", {}, sentence))));
  store.on(["ticked", "strokes", "shadows", "photo"], (state) => {
    clearTimeout(timer);
    asking.abort();
    if (!state.photo?.can_edit || (!state.ticked.size && !paints(state.strokes))) return show([]);
    const { signal } = (asking = new AbortController());
    timer = setTimeout(async () => {
      const sentences = await ask(path, state, signal);
      if (!signal.aborted) show(sentences);
    }, QUIET_MS);
  });
}
