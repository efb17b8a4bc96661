import assert from "node:assert/strict";
import { test } from "node:test";
import { describeState, getTitle } from "../../assets/js/editor/edit-text.js";
import { buildEdit } from "./samples.js";

const ERROR = { code: "x", message: "Too large.", permanent: false };

test("an edit is called “Remove” until it has removed", () => {
  assert.equal(getTitle({ state: "running", label: "Removed dog" }), "Remove dog");
  assert.equal(getTitle({ state: "failed", label: "Removed Removed" }), "Remove Removed");
  assert.equal(getTitle({ state: "succeeded", label: "Removed dog" }), "Removed dog");
});

/** @type {[Partial<import("../../assets/js/api-types.js").Edit>, RegExp][]} */
const CASES = [
  [{ state: "queued" }, /^Waiting…$/],
  [{ state: "queued", queue_position: 2 }, /^Waiting: 2nd in the queue\.$/],
  [{ state: "queued", error: ERROR }, /^Trying again\. Too large\.$/],
  [{ state: "running" }, /^Working…$/],
  [{ state: "running", progress: 0.256 }, /^Working: 26 %$/],
  [{ state: "running", progress: 0.5, cancel_requested: true }, /^Stopping…$/],
  [{ state: "succeeded" }, /^Done\.$/],
  [{ state: "succeeded", cancel_requested: true }, /^Done\.$/],
  [{ state: "succeeded", is_branch: true }, /branch/],
  [{ state: "cancelled" }, /^Cancelled\./],
  [{ state: "failed" }, /^Failed: something went wrong\. Choose again/],
  [{ state: "failed", error: ERROR }, /^Failed: Too large\. Choose again/],
  [{ state: "failed", error: { ...ERROR, permanent: true } }, /^Failed: Too large\.$/],
];

for (const [fields, expected] of CASES) {
  test(`the state of ${JSON.stringify(fields)}`, () => {
    assert.match(describeState(buildEdit(fields), []), expected);
  });
}

test("an edit waits for its base as long as that is unfinished", () => {
  const edit = buildEdit({ id: "e2", base_edit: "e1", queue_position: 1 });
  const base = buildEdit({ label: "Removed cat" });
  assert.equal(describeState(edit, [edit, base]), "Waiting for “Remove cat” to end.");
  assert.match(describeState(edit, [edit, { ...base, state: "failed" }]), /1st in the queue/);
  assert.match(describeState(edit, [edit]), /1st in the queue/);
});
