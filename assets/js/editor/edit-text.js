/** How an edit is called and described to people. */
import { formatOrdinal, formatPercent } from "../format.js";
import { isUnfinished } from "./store.js";

/** @import { Edit } from "../api-types.js" */

const BRANCH =
  "Done, but the photo had been changed meanwhile. The result is kept as a branch: restore it from the history.";

/**
 * Return the edit's title: "Remove …" until it has succeeded, then "Removed …" as in the history.
 * @param {Pick<Edit, "state" | "label">} edit
 */
export function getTitle({ state, label }) {
  return state === "succeeded" ? label : label.replace(/^Removed/, "Remove");
}

/** @param {Edit} edit */
function describeFailure({ error }) {
  const next = error?.permanent ? "" : " Choose again and press Remove to try once more.";
  return `Failed: ${error?.message || "something went wrong."}${next}`;
}

/**
 * Describe what an edit waits for.
 * @param {Edit} edit
 * @param {Edit[]} edits
 */
function describeWait(edit, edits) {
  const base = edits.find(({ id }) => id === edit.base_edit);
  if (base && isUnfinished(base)) return `Waiting for “${getTitle(base)}” to end.`;
  if (edit.error) return `Trying again. ${edit.error.message}`;
  return edit.queue_position
    ? `Waiting: ${formatOrdinal(edit.queue_position)} in the queue.`
    : "Waiting…";
}

/**
 * Describe the state of an edit.
 * @param {Edit} edit
 * @param {Edit[]} edits among which its base may be
 * @returns {string}
 */
export function describeState(edit, edits) {
  if (edit.cancel_requested && isUnfinished(edit)) return "Stopping…";
  switch (edit.state) {
    case "running":
      return edit.progress > 0 ? `Working: ${formatPercent(edit.progress)}` : "Working…";
    case "succeeded":
      return edit.is_branch ? BRANCH : "Done.";
    case "cancelled":
      return "Cancelled. Nothing was changed.";
    case "failed":
      return describeFailure(edit);
    default:
      return describeWait(edit, edits);
  }
}
