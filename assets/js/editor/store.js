/** The editor's state: one object, replaced as a whole, and those who watch parts of it. */

/** @typedef {import("./types.js").EditorState} EditorState */
/**
 * @typedef {object} Store
 * @property {() => EditorState} get
 * @property {(change: Partial<EditorState>) => void} set
 * @property {(keys: (keyof EditorState)[], run: (state: EditorState) => void) => void} on runs now, and when one of `keys` changes
 */

/** @returns {Store} */
export function createStore() {
  /** @type {EditorState} */
  let state = {
    photo: null,
    detections: [],
    detectionRun: { state: null, error: null },
    edits: [],
    revisions: [],
    engines: null,
    inpainter: null,
    ticked: new Set(),
    hovered: null,
    mode: "objects",
    strokes: [],
    brushSize: 40,
    erasing: false,
    shadows: true,
    sending: false,
  };
  const watchers = [];
  return {
    get: () => state,
    set(change) {
      const before = state;
      state = { ...state, ...change };
      for (const { keys, run } of watchers) {
        if (keys.some((key) => state[key] !== before[key])) run(state);
      }
    },
    on(keys, run) {
      watchers.push({ keys, run });
      run(state);
    },
  };
}

/**
 * @param {import("./types.js").Edit} edit
 * @returns {boolean}
 */
export const isUnfinished = (edit) => edit.state === "queued" || edit.state === "running";

/**
 * Detections that an edit is removing at this moment.
 * @param {EditorState} state
 * @returns {Set<string>}
 */
export function leaving(state) {
  return new Set(state.edits.filter(isUnfinished).flatMap((edit) => edit.detections));
}

/**
 * Detections that have a place in the picture and are still there.
 * @param {EditorState} state
 * @returns {import("./types.js").Detection[]}
 */
export function placed(state) {
  return state.detections.filter((detection) => detection.box && !detection.removed);
}

/**
 * @param {Store} store
 * @param {string} id of a detection
 */
export function toggleTick(store, id) {
  const ticked = new Set(store.get().ticked);
  if (!ticked.delete(id)) ticked.add(id);
  store.set(store.get().mode === "compare" ? { ticked, mode: "objects" } : { ticked });
}
