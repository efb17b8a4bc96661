/** The list of edits: those at work, and those that ended while the page was open. */
import { buildApiUrl, destroy, post } from "../api.js";
import { createElement, createIcon, createProgressBar, getElement } from "../dom.js";
import { formatPercent } from "../format.js";
import { showError } from "../toast.js";
import { describeState, getTitle } from "./edit-text.js";
import { isUnfinished } from "./store.js";

/** @import { Edit } from "../api-types.js" */
/** @import { EditorData } from "./data.js" */
/** @import { EditorState, Store } from "./types.js" */

/** @typedef {Record<"cancel" | "dismiss" | "restore", (edit: Edit) => void>} Actions of a row's button */
/** @typedef {{node: HTMLElement, update: (edit: Edit, edits: Edit[]) => void}} Row */

/**
 * Create an edit's row. It is updated in place, so that the Cancel button keeps the focus.
 * @param {Actions} actions
 * @param {Edit} edit
 * @returns {Row}
 */
function createRow(actions, edit) {
  let current = edit;
  const name = createElement("span", { class: "job-title" });
  const state = createElement("span", { class: "job-state" });
  const bar = createProgressBar(`Progress of ${getTitle(edit)}`);
  const button = createElement("button", { class: "button button-small", type: "button" });
  const node = createElement("li", { class: "job" }, name, button, state, bar.root);
  button.addEventListener("click", () => {
    if (isUnfinished(current)) actions.cancel(current);
    else if (current.is_branch) actions.restore(current);
    else actions.dismiss(current);
  });
  return {
    node,
    update(now, edits) {
      current = now;
      const hasSucceeded = now.state === "succeeded";
      name.replaceChildren(
        ...(hasSucceeded ? [createIcon("check"), getTitle(now)] : [getTitle(now)]),
      );
      state.textContent = describeState(now, edits);
      bar.root.hidden = !isUnfinished(now);
      bar.setShare(now.state === "running" && now.progress > 0 ? now.progress : null);
      updateButton(button, now);
      node.classList.toggle("job-failed", now.state === "failed");
      node.classList.toggle("job-done", hasSucceeded);
    },
  };
}

/**
 * @param {HTMLButtonElement} button
 * @param {Edit} edit
 */
function updateButton(button, edit) {
  const isOpen = isUnfinished(edit);
  if (isOpen || edit.is_branch) button.replaceChildren(isOpen ? "Cancel" : "Restore it");
  else if (!button.querySelector("svg")) {
    const label = createElement("span", { class: "visually-hidden" }, "Dismiss");
    button.replaceChildren(createIcon("close"), label);
  }
  button.classList.toggle("button-quiet", !isOpen && !edit.is_branch);
  button.disabled = isOpen && edit.cancel_requested;
}

/**
 * Announce to screen readers which edits changed their state.
 * @param {Edit[]} edits
 * @param {Map<string, string>} before id to the state that was announced last
 */
function announceChanges(edits, before) {
  const changes = edits.filter(({ id, state }) => before.has(id) && before.get(id) !== state);
  if (!changes.length) return;
  const sentences = changes.map((edit) => `${getTitle(edit)}: ${describeState(edit, edits)}`);
  getElement("job-announcer").textContent = sentences.join(" ");
}

/**
 * Show one line on the picture, for people who do not see the panel.
 * @param {Edit[]} edits
 */
function showOnStage(edits) {
  const open = edits.filter(isUnfinished).reverse();
  const line = getElement("stage-work");
  line.hidden = open.length === 0;
  if (!open.length) return;
  const first = open.find((edit) => edit.state === "running") || open[0];
  const more = open.length > 1 ? ` (+${open.length - 1})` : "";
  line.textContent = `${getTitle(first)}: ${first.state === "running" ? formatPercent(first.progress) : "waiting"}${more}`;
}

/**
 * Show on the picture what is being removed now, by the masks of the unfinished edits.
 * @param {Store} store
 */
function mountPendingMasks(store) {
  const layer = getElement("stage-pending");
  store.on(["edits"], ({ edits }) => {
    const masks = edits
      .filter((edit) => isUnfinished(edit) && edit.mask)
      .map((edit) => `url("${buildApiUrl(`masks/${edit.mask}/file/`)}")`);
    layer.classList.toggle("shown", masks.length > 0);
    if (masks.join() !== layer.dataset.masks) layer.style.maskImage = masks.join(", ");
    layer.dataset.masks = masks.join();
  });
}

/**
 * Choose which edits are listed. A successful edit leaves the list when the next edit comes.
 * @param {Set<string>} listed ids of the edits in the list; it is changed in place
 * @param {Edit[]} edits
 */
function updateListed(listed, edits) {
  const fresh = edits.filter((edit) => isUnfinished(edit) && !listed.has(edit.id));
  if (!fresh.length) return;
  for (const edit of edits)
    if (edit.state === "succeeded" && !edit.is_branch) listed.delete(edit.id);
  for (const edit of fresh) listed.add(edit.id);
}

/**
 * @param {EditorData} data
 * @param {() => void} wake
 * @param {(edit: Edit) => void} dismiss
 * @returns {Actions}
 */
function createActions(data, wake, dismiss) {
  return {
    dismiss,
    async cancel(edit) {
      await destroy(`edits/${edit.id}/`).catch(showError);
      await data.loadEdits().catch(showError);
      wake();
    },
    async restore(edit) {
      try {
        await data.setPhoto(await post(`revisions/${edit.revision}/restore/`));
        dismiss(edit);
      } catch (error) {
        showError(error);
      }
    },
  };
}

/**
 * Replace the list's items only if they are other ones, so that the focus stays where it is.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} nodes
 */
function replaceItems(list, nodes) {
  const isSame =
    nodes.length === list.children.length &&
    nodes.every((node, index) => list.children[index] === node);
  if (!isSame) list.replaceChildren(...nodes);
}

/**
 * @param {Store} store
 * @param {EditorData} data
 * @param {() => void} wake starts the polling
 */
export function mountEdits(store, data, wake) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @type {Map<string, string>} */
  const states = new Map();
  /** @type {Set<string>} */
  const listed = new Set();
  const actions = createActions(data, wake, (edit) => {
    listed.delete(edit.id);
    show(store.get());
  });

  /** @param {Edit} edit */
  function getRow(edit) {
    const row = rows.get(edit.id) || createRow(actions, edit);
    rows.set(edit.id, row);
    return row;
  }
  /** @param {EditorState} state */
  function show({ edits }) {
    updateListed(listed, edits);
    const shown = edits.filter((edit) => listed.has(edit.id)).reverse();
    for (const edit of shown) getRow(edit).update(edit, edits);
    replaceItems(
      getElement("jobs-list"),
      shown.map((edit) => getRow(edit).node),
    );
    getElement("jobs-part").hidden = shown.length === 0;
    showOnStage(edits);
    announceChanges(edits, states);
    for (const edit of edits) states.set(edit.id, edit.state);
  }
  store.on(["edits"], show);
  mountPendingMasks(store);
}
