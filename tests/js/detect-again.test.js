/** When objects can be looked for again, and how that is requested. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildRequest, canDetectAgain } from "../../assets/js/editor/detect-again.js";

/**
 * @param {boolean} canEdit
 * @param {string | null} runState
 */
const isOffered = (canEdit, runState) =>
  canDetectAgain(
    /** @type {any} */ ({ photo: { can_edit: canEdit }, detectionRun: { state: runState } }),
  );

test("an editor can always look again, except while a run goes on", () => {
  for (const ended of [null, "failed", "cancelled", "succeeded"]) assert(isOffered(true, ended));
  for (const running of ["queued", "running"]) assert(!isOffered(true, running));
  assert(!isOffered(false, "succeeded"));
});

test("the usual confidence is the detector's own", () => {
  assert.deepEqual(buildRequest("local", ""), { detector: "local", min_confidence: null });
  assert.equal(buildRequest("local", "0.15").min_confidence, 0.15);
});
