/** Loads what the editor shows, and polls the API while an edit or a detection is unfinished. */
import { get, getAll, hasStatus, toSameOrigin } from "../api.js";
import { showError } from "../toast.js";
import { getPlacedDetections, isUnfinished } from "./store.js";

/** @import { Photo } from "../api-types.js" */
/** @import { EditorState, Store } from "./types.js" */
/** @typedef {ReturnType<typeof createData>} EditorData */

const FAST_MS = 700;
const SLOW_MS = 5000;
const BACKOFF = 1.25;

/**
 * Create the functions that load a photo, its revisions, detections and edits into the store.
 * @param {Store} store
 * @param {string} photoId
 */
export function createData(store, photoId) {
  const path = `photos/${photoId}/`;

  /**
   * Set only what changed, so that lists which stay the same are not drawn again at every poll.
   * @param {Partial<EditorState>} change
   */
  const setChanged = (change) => {
    /** @type {Record<string, any>} */
    const before = store.get();
    const entries = Object.entries(change).filter(
      ([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value),
    );
    if (entries.length) store.set(Object.fromEntries(entries));
  };

  async function loadRevisions() {
    setChanged({ revisions: await getAll(`${path}revisions/`) });
  }
  async function loadDetections() {
    const { results, next, state, error } = await get(`${path}detections/`);
    const detections = next ? [...results, ...(await getAll(toSameOrigin(next)))] : results;
    setChanged({ detections, detectionRun: { state, error } });
    const placed = new Set(getPlacedDetections(store.get()).map(({ id }) => id));
    const ticked = [...store.get().ticked];
    if (ticked.some((id) => !placed.has(id))) {
      store.set({ ticked: new Set(ticked.filter((id) => placed.has(id))) });
    }
  }
  async function loadEdits() {
    setChanged({ edits: (await get(`${path}edits/`)).results });
  }
  /** @param {Photo} photo */
  async function setPhoto(photo) {
    setChanged({ photo });
    await Promise.all([loadRevisions(), loadDetections()]);
  }
  async function loadAll() {
    await Promise.all([get(path).then(setPhoto), loadEdits()]);
  }
  return { path, setPhoto, loadAll, loadEdits, loadDetections };
}

/** @param {EditorState} state */
const isDetecting = ({ detectionRun: { state } }) => state === "queued" || state === "running";

/**
 * Build a text that changes when any unfinished work makes progress.
 * @param {EditorState} state
 */
function buildFingerprint({ detectionRun, edits }) {
  return JSON.stringify([
    detectionRun,
    edits.map((edit) => [edit.id, edit.state, edit.progress, edit.queue_position]),
  ]);
}

/**
 * Poll every 0.7 s while work is unfinished, more slowly the longer nothing changes.
 * @param {Store} store
 * @param {EditorData} data
 * @returns {{wake: () => void}} `wake` starts the polling, or makes it fast again
 */
export function createPolling(store, data) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let wait = FAST_MS;
  let errorIsShown = false;

  const getUnfinishedIds = () =>
    store
      .get()
      .edits.filter(isUnfinished)
      .map(({ id }) => id);

  async function refresh() {
    const before = getUnfinishedIds();
    await Promise.all([data.loadEdits(), isDetecting(store.get()) && data.loadDetections()]);
    const now = new Set(getUnfinishedIds());
    if (before.some((id) => !now.has(id))) await data.loadAll();
  }
  async function poll() {
    const before = buildFingerprint(store.get());
    try {
      await refresh();
      errorIsShown = false;
    } catch (error) {
      if (!errorIsShown) showError(error);
      errorIsShown = true;
      if (hasStatus(error, 401, 404)) return;
    }
    const hasChanged = buildFingerprint(store.get()) !== before;
    wait = hasChanged ? FAST_MS : Math.min(SLOW_MS, wait * BACKOFF);
    schedule();
  }
  function schedule() {
    clearTimeout(timer);
    const isAtWork = isDetecting(store.get()) || store.get().edits.some(isUnfinished);
    if (isAtWork) timer = setTimeout(poll, document.hidden ? SLOW_MS : wait);
  }
  function wake() {
    wait = FAST_MS;
    schedule();
  }
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) data.loadAll().then(wake, showError);
  });
  return { wake };
}
