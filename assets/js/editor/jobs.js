/** Edits at work, and those that ended while one looked on. */
import { apiUrl, destroy, post } from "../api.js";
import { byId, el, icon, progressBar } from "../dom.js";
import { ordinal, percent } from "../format.js";
import { toastError } from "../toast.js";
import { isUnfinished } from "./store.js";

/** @typedef {import("./types.js").Edit} Edit */

const BRANCH = "Done, but the photo had been changed meanwhile. The result is kept as a branch: restore it from the history.";

/** @param {Edit} edit the history will call it "Removed …"; until then it is a wish */
const title = (edit) => (edit.state === "succeeded" ? edit.label : edit.label.replace(/^Removed/, "Remove"));

/** @param {Edit} edit @param {Edit[]} edits */
function stateText(edit, edits) {
  if (edit.cancel_requested && isUnfinished(edit)) return "Stopping…";
  if (edit.state === "running") return edit.progress > 0 ? `Working: ${percent(edit.progress)}` : "Working…";
  if (edit.state === "succeeded") return edit.is_branch ? BRANCH : "Done.";
  if (edit.state === "cancelled") return "Cancelled. Nothing was changed.";
  if (edit.state === "failed") {
    const next = edit.error?.permanent ? "" : " Choose again and press Remove to try once more.";
    return `Failed: ${edit.error?.message || "something went wrong."}${next}`;
  }
  const base = edits.find((other) => other.id === edit.base_edit);
  if (base && isUnfinished(base)) return `Waiting for “${title(base)}” to end.`;
  if (edit.error) return `Trying again. ${edit.error.message}`;
  return edit.queue_position ? `Waiting: ${ordinal(edit.queue_position)} in the queue.` : "Waiting…";
}

/**
 * One edit's row; it is updated in place, so that the Cancel button keeps the focus.
 * @param {{cancel: (edit: Edit) => void, dismiss: (edit: Edit) => void, restore: (edit: Edit) => void}} verbs
 * @param {Edit} edit
 */
function createRow(verbs, edit) {
  let shown = edit;
  const name = el("span", { class: "job-title" });
  const state = el("span", { class: "job-state" });
  const bar = progressBar(`Progress of ${title(edit)}`);
  const button = el("button", { class: "button button-small", type: "button" });
  const node = el("li", { class: "job" }, name, button, state, bar.root);
  button.addEventListener("click", () => {
    if (isUnfinished(shown)) verbs.cancel(shown);
    else if (shown.is_branch) verbs.restore(shown);
    else verbs.dismiss(shown);
  });
  return {
    node,
    update(now, edits) {
      shown = now;
      const open = isUnfinished(now);
      name.replaceChildren(...(now.state === "succeeded" ? [icon("check"), title(now)] : [title(now)]));
      state.textContent = stateText(now, edits);
      bar.root.hidden = !open;
      bar.set(now.state === "running" && now.progress > 0 ? now.progress : null);
      if (open || now.is_branch) button.replaceChildren(open ? "Cancel" : "Restore it");
      else if (!button.querySelector("svg")) button.replaceChildren(icon("close"), el("span", { class: "visually-hidden" }, "Dismiss"));
      button.classList.toggle("button-quiet", !open && !now.is_branch);
      button.disabled = open && now.cancel_requested;
      node.classList.toggle("job-failed", now.state === "failed");
      node.classList.toggle("job-done", now.state === "succeeded");
    },
  };
}

/** Tell screen readers what changed its state. */
function announce(edits, before) {
  const news = edits.filter((edit) => before.has(edit.id) && before.get(edit.id) !== edit.state);
  if (news.length) byId("job-announcer").textContent = news.map((edit) => `${title(edit)}: ${stateText(edit, edits)}`).join(" ");
}

/** One line on the picture, for those who don't see the panel. */
function showOnStage(edits) {
  const open = edits.filter(isUnfinished).reverse();
  const line = byId("stage-work");
  line.hidden = open.length === 0;
  if (!open.length) return;
  const first = open.find((edit) => edit.state === "running") || open[0];
  const more = open.length > 1 ? ` (+${open.length - 1})` : "";
  line.textContent = `${title(first)}: ${first.state === "running" ? percent(first.progress) : "waiting"}${more}`;
}

/** The picture shows what is being removed at this moment, by the edit's own mask. */
function mountPending(store) {
  const layer = byId("stage-pending");
  store.on(["edits"], ({ edits }) => {
    const masks = edits.filter((edit) => isUnfinished(edit) && edit.mask).map((edit) => `url("${apiUrl(`masks/${edit.mask}/file/`)}")`);
    layer.classList.toggle("shown", masks.length > 0);
    if (masks.join() !== layer.dataset.masks) layer.style.maskImage = masks.join(", ");
    layer.dataset.masks = masks.join();
  });
}

/** What went well needs no more than a look: it leaves the list when the next edit comes. */
function watch(watched, edits) {
  const fresh = edits.filter((edit) => isUnfinished(edit) && !watched.has(edit.id));
  const good = edits.filter((edit) => edit.state === "succeeded" && !edit.is_branch);
  if (fresh.length) for (const edit of good) watched.delete(edit.id);
  for (const edit of fresh) watched.add(edit.id);
}

/** What the button in a row may do. */
function createVerbs(data, wake, dismiss) {
  return {
    dismiss,
    async cancel(edit) {
      await destroy(`edits/${edit.id}/`).catch(toastError);
      await data.loadEdits().catch(toastError);
      wake();
    },
    async restore(edit) {
      try {
        await data.adopt(await post(`revisions/${edit.revision}/restore/`));
        dismiss(edit);
      } catch (error) {
        toastError(error);
      }
    },
  };
}

/**
 * @param {import("./types.js").Store} store
 * @param {ReturnType<typeof import("./data.js").createData>} data
 * @param {() => void} wake
 */
export function mountJobs(store, data, wake) {
  const list = byId("jobs-list");
  const rows = new Map();
  const states = new Map();
  const watched = new Set();
  const verbs = createVerbs(data, wake, (edit) => {
    watched.delete(edit.id);
    show(store.get());
  });

  function show({ edits }) {
    watch(watched, edits);
    const shown = edits.filter((edit) => watched.has(edit.id)).reverse();
    for (const edit of shown) {
      if (!rows.has(edit.id)) rows.set(edit.id, createRow(verbs, edit));
      rows.get(edit.id).update(edit, edits);
    }
    const nodes = shown.map((edit) => rows.get(edit.id).node);
    if (nodes.length !== list.children.length || nodes.some((node, index) => list.children[index] !== node)) list.replaceChildren(...nodes);
    byId("jobs-part").hidden = nodes.length === 0;
    showOnStage(edits);
    announce(edits, states);
    for (const edit of edits) states.set(edit.id, edit.state);
  }
  store.on(["edits"], show);
  mountPending(store);
}
