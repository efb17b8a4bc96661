/** The pure functions of the editor's parts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { computeBrushSize } from "../../assets/js/editor/brush-tools.js";
import { describeEngines } from "../../assets/js/editor/engines.js";
import { describeRevision, getShortcut } from "../../assets/js/editor/history.js";
import { describeDetection, describeUnplaced } from "../../assets/js/editor/objects.js";
import { getPolygons } from "../../assets/js/editor/overlay.js";
import { describeSelection, nameSelection } from "../../assets/js/editor/remove.js";
import { createStore } from "../../assets/js/editor/store.js";
import { buildDetection, buildEdit, buildPhoto, buildRevision } from "./samples.js";

/** @import { EditorState, Stroke } from "../../assets/js/editor/types.js" */

/**
 * @param {Partial<EditorState>} fields
 * @returns {EditorState}
 */
const buildState = (fields) => ({ ...createStore().get(), photo: buildPhoto(), ...fields });

/** @type {Stroke} */
const STROKE = { points: [[1, 1]], size: 5, erase: false };

test("the brush is a share of the longer side, and at least a pixel", () => {
  assert.equal(computeBrushSize(100, { width: 3000, height: 4000 }), 1000);
  assert.equal(computeBrushSize(50, { width: 4000, height: 10 }), 100);
  assert.equal(computeBrushSize(1, { width: 5, height: 5 }), 1);
});

test("a detection's polygons are its outline, else its box", () => {
  const box = { x: 1, y: 2, width: 3, height: 4 };
  assert.deepEqual(getPolygons({ outline: [], box }), [
    [
      [1, 2],
      [4, 2],
      [4, 6],
      [1, 6],
    ],
  ]);
  /** @type {[number, number][][]} */
  const outline = [
    [
      [0, 0],
      [1, 0],
      [0, 1],
    ],
  ];
  assert.equal(getPolygons({ outline, box }), outline);
});

test("the selection names ticked objects and paint; what is gone is left out", () => {
  const detections = [
    buildDetection({ id: "a", confidence: 0.5 }),
    buildDetection({ id: "b", confidence: 0.9 }),
    buildDetection({ id: "c", label: "cat", removed: true }),
  ];
  const ticked = new Set(["a", "c", "unknown"]);
  assert.deepEqual(nameSelection({ detections, ticked, strokes: [] }), ["dog 2"]);
  assert.deepEqual(nameSelection({ detections, ticked, strokes: [STROKE] }), [
    "dog 2",
    "what you painted",
  ]);
});

test("the button says what will happen, or what is missing", () => {
  const eraser = { ...STROKE, erase: true };
  assert.match(describeSelection(buildState({ strokes: [eraser] })), /^Nothing is chosen/);
  assert.equal(describeSelection(buildState({ strokes: [STROKE] })), "Goes: what you painted.");
  assert.equal(describeSelection(buildState({ strokes: [STROKE], sending: true })), "Sending…");
  const edits = [buildEdit({ state: "running" })];
  assert.match(describeSelection(buildState({ strokes: [STROKE], edits })), /after the edits/);
});

test("the detection's state is described until there are objects", () => {
  /** @param {string | null} state @param {Partial<EditorState>} [fields] */
  const describe = (state, fields = {}) =>
    describeDetection(buildState({ detectionRun: { state, error: null }, ...fields }));
  assert.match(describe(null), /not been looked for yet/);
  assert.match(describe("queued"), /^Waiting/);
  assert.match(describe("running"), /^Looking/);
  assert.match(describe("failed"), /paint with the brush/);
  assert.doesNotMatch(describe("failed", { photo: null }), /paint/);
  assert.match(describe("cancelled"), /stopped/);
  assert.match(describe("succeeded"), /No objects were found\. Paint/);
  const viewer = { photo: buildPhoto({ can_edit: false }) };
  assert.equal(describe("succeeded", viewer), "No objects were found.");
  assert.equal(describe("succeeded", { detections: [buildDetection()] }), "");
  const removed = [buildDetection({ removed: true })];
  assert.equal(
    describe("succeeded", { detections: removed }),
    "Everything that was found is gone.",
  );
});

test("detections without a box are listed with their confidence", () => {
  assert.equal(describeUnplaced({ detections: [buildDetection()] }), "");
  const detections = [
    buildDetection({ box: null, label: "sky", confidence: 0.123 }),
    buildDetection({ box: null, label: "sea" }),
  ];
  assert.match(describeUnplaced({ detections }), /: sky \(12 %\) and sea \(90 %\)\.$/);
});

test("a revision names its parent only if that is not the one before it", () => {
  const revisions = [
    buildRevision(),
    buildRevision({ id: "r1", number: 1, parent: "r0" }),
    buildRevision({ id: "r2", number: 2, parent: "r0" }),
    buildRevision({ id: "r3", number: 3, parent: "r1" }),
    buildRevision({ id: "r4", number: 4, parent: "gone" }),
  ];
  const [original, ...steps] = revisions.map((revision) => describeRevision(revision, revisions));
  assert.doesNotMatch(original, /Step/);
  assert.match(steps[0], /^Step 1 · [^f]/);
  assert.match(steps[1], /^Step 2 · from the original · /);
  assert.match(steps[2], /^Step 3 · from step 1 · /);
  assert.doesNotMatch(steps[3], /from/);
});

test("undo and redo have the usual keys", () => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  const ctrl = { ...none, ctrlKey: true };
  assert.equal(getShortcut({ ...ctrl, key: "z" }), "undo");
  assert.equal(getShortcut({ ...ctrl, key: "Z", shiftKey: true }), "redo");
  assert.equal(getShortcut({ ...ctrl, key: "y" }), "redo");
  assert.equal(getShortcut({ ...none, key: "z", metaKey: true }), "undo");
  assert.equal(getShortcut({ ...none, key: "z" }), null);
  assert.equal(getShortcut({ ...ctrl, key: "z", altKey: true }), null);
  assert.equal(getShortcut({ ...ctrl, key: "a" }), null);
});

test("the note on the inpainters names the one in use and the missing ones", () => {
  const lama = { name: "lama", title: "LaMa", available: true, optional: false, reason: "" };
  const hifill = { ...lama, name: "hifill", title: "HiFill", available: false, reason: "none" };
  const migan = { ...hifill, name: "migan", title: "MI-GAN" };
  /** @param {typeof lama[]} inpainters */
  const describe = (inpainters) => describeEngines({ inpainters, default_inpainter: "lama" });
  assert.equal(describe([lama]), "LaMa fills the gap");
  assert.equal(describe([lama, hifill]), "LaMa fills the gap; HiFill is missing");
  assert.equal(
    describe([lama, { ...lama, name: "b" }, hifill, migan]),
    "HiFill and MI-GAN are missing",
  );
  assert.equal(describe([lama, { ...lama, name: "b" }]), "");
  assert.equal(describe([lama, { ...migan, optional: true }]), "LaMa fills the gap");
  assert.match(describe([hifill]), /^Nothing can be removed/);
});
