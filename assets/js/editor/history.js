/** Every state of the photo, with a way back to each. */
import { post } from "../api.js";
import { byId, el, showPicture } from "../dom.js";
import { moment } from "../format.js";
import { toastError } from "../toast.js";

/** @typedef {import("./types.js").Revision} Revision */

/** @param {Revision} revision */
const label = (revision) => revision.label || `Step ${revision.number}`;

/** @param {Revision} revision @param {Revision[]} revisions */
function about(revision, revisions) {
  const parent = revisions.find((other) => other.id === revision.parent);
  const branch = parent && parent.number !== revision.number - 1 ? ` · from ${parent.number === 0 ? "the original" : `step ${parent.number}`}` : "";
  const step = revision.number === 0 ? "" : `Step ${revision.number}${branch} · `;
  return step + moment(revision.created_at);
}

/**
 * @param {Revision} revision
 * @param {Revision[]} revisions
 * @param {((revision: Revision) => void) | null} restore null for those who may only look
 * @returns {HTMLElement}
 */
function step(revision, revisions, restore) {
  const image = el("img", { alt: "", loading: "lazy" });
  showPicture(image, revision.thumbnail);
  const action = revision.is_current
    ? el("span", { class: "badge" }, "Shown")
    : restore && el("button", { class: "button button-small", type: "button", "aria-label": `Restore ${label(revision)}`, onclick: () => restore(revision) }, "Restore");
  return el(
    "li",
    { class: revision.is_current ? "step step-current" : "step", "aria-current": revision.is_current ? "step" : null },
    image,
    el("span", { class: "step-label" }, label(revision)),
    el("span", { class: "step-about" }, about(revision, revisions)),
    action,
  );
}

/** Ctrl+Z and its kin; while strokes are there, they are undone first. */
function mountKeys(store, undo, redo) {
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.matches("input[type=text], textarea, dialog *")) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    const { mode, strokes, photo } = store.get();
    if (!photo?.can_edit) return;
    if (key === "y" || event.shiftKey) redo();
    else if (mode === "brush" && strokes.length) store.set({ strokes: strokes.slice(0, -1) });
    else undo();
  });
}

/**
 * @param {import("./types.js").Store} store
 * @param {ReturnType<typeof import("./data.js").createData>} data
 */
export function mountHistory(store, data) {
  const list = byId("history-list");
  const undo = byId("undo");
  const redo = byId("redo");
  let moves = Promise.resolve();

  /** After the moves that are under way: a quick second press is not lost. @param {() => string | undefined | false} where */
  function go(where) {
    moves = moves.then(async () => {
      const path = where();
      if (!path) return;
      try {
        await data.adopt(await post(path));
      } catch (error) {
        toastError(error);
      }
    });
  }
  const restore = (revision) => go(() => `revisions/${revision.id}/restore/`);
  const undoStep = () => go(() => store.get().photo?.can_undo && `${data.path}undo/`);
  const redoStep = () => go(() => store.get().photo?.can_redo && `${data.path}redo/`);

  undo.addEventListener("click", undoStep);
  redo.addEventListener("click", redoStep);
  mountKeys(store, undoStep, redoStep);
  store.on(["photo"], ({ photo }) => {
    undo.disabled = !photo?.can_undo;
    redo.disabled = !photo?.can_redo;
  });
  store.on(["revisions", "photo"], ({ revisions, photo }) => {
    list.replaceChildren(...revisions.map((revision) => step(revision, revisions, photo?.can_edit ? restore : null)));
  });
}
