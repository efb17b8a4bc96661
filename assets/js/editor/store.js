/** The editor's state: one object, replaced as a whole, and the watchers of its parts. */

/** @import { Detection, Edit, PlacedDetection } from "../api-types.js" */
/** @import { EditorState, Store } from "./types.js" */

/**
 * Create a store with the state of an editor that has loaded nothing yet.
 * @returns {Store}
 */
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
  /** @type {{keys: (keyof EditorState)[], run: (state: EditorState) => void}[]} */
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
 * Return whether the edit waits or runs.
 * @param {Pick<Edit, "state">} edit
 * @returns {boolean}
 */
export const isUnfinished = (edit) => edit.state === "queued" || edit.state === "running";

/**
 * Return the ids of the detections that an unfinished edit removes.
 * @param {Pick<EditorState, "edits">} state
 * @returns {Set<string>}
 */
export function getDetectionsInEdits(state) {
  return new Set(state.edits.filter(isUnfinished).flatMap((edit) => edit.detections));
}

/**
 * Return the detections that have a box and are not removed yet.
 * @param {Pick<EditorState, "detections">} state
 * @returns {PlacedDetection[]}
 */
export function getPlacedDetections(state) {
  const placed = state.detections.filter(({ box, removed }) => box && !removed);
  return /** @type {PlacedDetection[]} */ (placed);
}

/**
 * Return these detections, the most certain first.
 * @template {Detection} T
 * @param {T[]} detections
 * @returns {T[]}
 */
export function sortByConfidence(detections) {
  return [...detections].sort((a, b) => b.confidence - a.confidence);
}

/**
 * Name detections for people: objects of the same kind get a number.
 * @param {Pick<Detection, "id" | "label">[]} detections
 * @returns {Map<string, string>} id to name
 */
export function nameDetections(detections) {
  const totals = new Map();
  for (const { label } of detections) totals.set(label, (totals.get(label) || 0) + 1);
  const counts = new Map();
  /** @param {Pick<Detection, "id" | "label">} detection @returns {[string, string]} */
  const toEntry = ({ id, label }) => {
    counts.set(label, (counts.get(label) || 0) + 1);
    return [id, totals.get(label) > 1 ? `${label} ${counts.get(label)}` : label];
  };
  return new Map(detections.map(toEntry));
}

/**
 * Tick a detection, or untick it. A comparison ends, because it hides the outlines.
 * @param {Store} store
 * @param {string} id of a detection
 */
export function toggleTick(store, id) {
  const ticked = new Set(store.get().ticked);
  if (!ticked.delete(id)) ticked.add(id);
  store.set(store.get().mode === "compare" ? { ticked, mode: "objects" } : { ticked });
}
