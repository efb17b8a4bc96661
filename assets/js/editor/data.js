/** Loads what the editor shows, and asks again while something is unfinished. */
import { get, getAll, sameOrigin } from "../api.js";
import { toastError } from "../toast.js";
import { isUnfinished, placed } from "./store.js";

const FAST_MS = 700;
const SLOW_MS = 5000;
const BACK_OFF = 1.25;

/**
 * @param {import("./types.js").Store} store
 * @param {string} photoId
 */
export function createData(store, photoId) {
  const path = `photos/${photoId}/`;

  /** Set only what is different, so that lists which stay the same are not drawn anew at every look. */
  const setChanged = (change) => {
    const before = store.get();
    const entries = Object.entries(change).filter(([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value));
    if (entries.length) store.set(Object.fromEntries(entries));
  };

  async function loadRevisions() {
    setChanged({ revisions: await getAll(`${path}revisions/`) });
  }
  async function loadDetections() {
    const { results, next, state, error } = await get(`${path}detections/`);
    const detections = next ? [...results, ...(await getAll(sameOrigin(next)))] : results;
    setChanged({ detections, detectionRun: { state, error } });
    const there = new Set(placed(store.get()).map((detection) => detection.id));
    const ticked = store.get().ticked;
    if ([...ticked].some((id) => !there.has(id))) store.set({ ticked: new Set([...ticked].filter((id) => there.has(id))) });
  }
  async function loadEdits() {
    setChanged({ edits: (await get(`${path}edits/`)).results });
  }
  /** @param {import("./types.js").Photo} photo */
  async function adopt(photo) {
    setChanged({ photo });
    await Promise.all([loadRevisions(), loadDetections()]);
  }
  async function loadAll() {
    await Promise.all([get(path).then(adopt), loadEdits()]);
  }
  return { path, adopt, loadAll, loadEdits, loadDetections };
}

/** @param {import("./types.js").EditorState} state */
function atWork(state) {
  const detecting = state.detectionRun.state === "queued" || state.detectionRun.state === "running";
  return { detecting, editing: state.edits.some(isUnfinished) };
}

/** @param {import("./types.js").EditorState} state */
const fingerprint = (state) => JSON.stringify([state.detectionRun, state.edits.map((edit) => [edit.id, edit.state, edit.progress, edit.queue_position])]);

/**
 * Ask every 0.7 s while something is at work, less often the longer nothing changes.
 * @param {import("./types.js").Store} store
 * @param {ReturnType<typeof createData>} data
 * @returns {{wake: () => void}} `wake` asks at once and starts again when it had stopped
 */
export function createPolling(store, data) {
  let timer = 0;
  let wait = FAST_MS;
  let complained = false;

  async function look() {
    const { detecting } = atWork(store.get());
    const before = store.get().edits.filter(isUnfinished).map((edit) => edit.id);
    await Promise.all([data.loadEdits(), detecting && data.loadDetections()]);
    const now = new Set(store.get().edits.filter(isUnfinished).map((edit) => edit.id));
    if (before.some((id) => !now.has(id))) await data.loadAll();
  }
  async function turn() {
    const before = fingerprint(store.get());
    try {
      await look();
      complained = false;
    } catch (error) {
      if (!complained) toastError(error);
      complained = true;
      if (error.status === 401 || error.status === 404) return;
    }
    wait = fingerprint(store.get()) === before ? Math.min(SLOW_MS, wait * BACK_OFF) : FAST_MS;
    plan();
  }
  function plan() {
    clearTimeout(timer);
    const { detecting, editing } = atWork(store.get());
    if (detecting || editing) timer = setTimeout(turn, document.hidden ? SLOW_MS : wait);
  }
  function wake() {
    wait = FAST_MS;
    plan();
  }
  document.addEventListener("visibilitychange", () => document.hidden || data.loadAll().then(wake, toastError));
  return { wake };
}
