/** The history: every revision of the photo, with a button to restore each. */
import { post } from "../api.js";
import { createElement, getElement, showPicture } from "../dom.js";
import { formatMoment } from "../format.js";
import { showError } from "../toast.js";

/** @import { Revision } from "../api-types.js" */
/** @import { EditorData } from "./data.js" */
/** @import { Store } from "./types.js" */

/** @param {Revision} revision */
const getLabel = (revision) => revision.label || `Step ${revision.number}`;

/**
 * Describe a revision: its number, its parent if that is not the one before it, and its time.
 * @param {Revision} revision
 * @param {Revision[]} revisions
 */
export function describeRevision(revision, revisions) {
  const moment = formatMoment(revision.created_at);
  if (revision.number === 0) return moment;
  const parent = revisions.find(({ id }) => id === revision.parent);
  const isBranch = parent && parent.number !== revision.number - 1;
  const origin = parent?.number === 0 ? "the original" : `step ${parent?.number}`;
  return `Step ${revision.number}${isBranch ? ` · from ${origin}` : ""} · ${moment}`;
}

/** @typedef {Record<"restore" | "tryAgain", (revision: Revision) => void>} StepActions */

/**
 * Create the button of a step: to try the current one again, and to restore any other.
 * @param {Revision} revision
 * @param {StepActions} actions
 */
function createStepButton(revision, { restore, tryAgain }) {
  const { is_current: isCurrent } = revision;
  if (isCurrent && !revision.edit) return null;
  const label = getLabel(revision);
  return createElement(
    "button",
    {
      class: "button button-small",
      type: "button",
      title: isCurrent ? "Fill the same area in another way" : null,
      "aria-label": isCurrent ? `Another try: ${label}` : `Restore ${label}`,
      onclick: () => (isCurrent ? tryAgain : restore)(revision),
    },
    isCurrent ? "Another try" : "Restore",
  );
}

/**
 * @param {Revision} revision
 * @param {Revision[]} revisions
 * @param {StepActions | null} actions null for people who may only look
 */
function createStep(revision, revisions, actions) {
  const image = createElement("img", { alt: "", loading: "lazy" });
  showPicture(image, revision.thumbnail);
  const badge = revision.is_current && createElement("span", { class: "badge" }, "Shown");
  const button = actions && createStepButton(revision, actions);
  return createElement(
    "li",
    {
      class: revision.is_current ? "step step-current" : "step",
      "aria-current": revision.is_current ? "step" : null,
    },
    image,
    createElement("span", { class: "step-label" }, getLabel(revision)),
    createElement("span", { class: "step-about" }, describeRevision(revision, revisions)),
    createElement("span", { class: "step-side" }, badge, button),
  );
}

/**
 * Return what a key press asks for: Ctrl+Z undoes, Ctrl+Shift+Z and Ctrl+Y redo (on a Mac with Cmd).
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event
 * @returns {"undo" | "redo" | null}
 */
export function getShortcut({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey || !(ctrlKey || metaKey)) return null;
  if (key.toLowerCase() === "y") return "redo";
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return null;
}

/**
 * Undo and redo by keys. In the brush's mode, strokes are undone first.
 * @param {Store} store
 * @param {() => void} undo
 * @param {() => void} redo
 */
function mountKeys(store, undo, redo) {
  document.addEventListener("keydown", (event) => {
    const shortcut = getShortcut(event);
    const target = /** @type {Element} */ (event.target);
    if (!shortcut || target.matches("input[type=text], textarea, dialog *")) return;
    event.preventDefault();
    const { mode, strokes, photo } = store.get();
    if (!photo?.can_edit) return;
    if (shortcut === "redo") redo();
    else if (mode === "brush" && strokes.length) store.set({ strokes: strokes.slice(0, -1) });
    else undo();
  });
}

/**
 * @param {Store} store
 * @param {EditorData} data
 * @param {() => void} wake starts the polling
 */
export function mountHistory(store, data, wake) {
  const list = getElement("history-list");
  const undoButton = getElement("undo", HTMLButtonElement);
  const redoButton = getElement("redo", HTMLButtonElement);
  let queue = Promise.resolve();

  /**
   * Post to the path after the earlier requests, so that a quick second press is not lost.
   * @param {() => string | undefined | false} getPath called when it is this request's turn
   */
  function enqueue(getPath) {
    queue = queue.then(async () => {
      const path = getPath();
      if (!path) return;
      try {
        await data.setPhoto(await post(path));
      } catch (error) {
        showError(error);
      }
    });
  }
  /** @param {Revision} revision */
  const restore = (revision) => enqueue(() => `revisions/${revision.id}/restore/`);
  /** @param {Revision} revision */
  const tryAgain = async (revision) => {
    try {
      await post(`edits/${revision.edit}/variants/`);
      await data.loadEdits();
      wake();
    } catch (error) {
      showError(error);
    }
  };
  const undo = () => enqueue(() => store.get().photo?.can_undo && `${data.path}undo/`);
  const redo = () => enqueue(() => store.get().photo?.can_redo && `${data.path}redo/`);

  undoButton.addEventListener("click", undo);
  redoButton.addEventListener("click", redo);
  mountKeys(store, undo, redo);
  store.on(["photo"], ({ photo }) => {
    undoButton.disabled = !photo?.can_undo;
    redoButton.disabled = !photo?.can_redo;
  });
  store.on(["revisions", "photo"], ({ revisions, photo }) => {
    const actions = photo?.can_edit ? { restore, tryAgain } : null;
    list.replaceChildren(...revisions.map((revision) => createStep(revision, revisions, actions)));
  });
}
