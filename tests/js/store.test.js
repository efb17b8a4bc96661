import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createStore,
  getDetectionsInEdits,
  getPlacedDetections,
  isUnfinished,
  nameDetections,
  sortByConfidence,
  toggleTick,
} from "../../assets/js/editor/store.js";
import { buildDetection, buildEdit } from "./samples.js";

test("a watcher runs at once, and again when one of its keys changes", () => {
  const store = createStore();
  /** @type {number[]} */
  const sizes = [];
  store.on(["brushSize", "erasing"], ({ brushSize }) => sizes.push(brushSize));
  store.set({ brushSize: 7 });
  store.set({ hovered: "d1" });
  store.set({ brushSize: 7 });
  store.set({ erasing: true, brushSize: 9 });
  assert.deepEqual(sizes, [40, 7, 9]);
});

test("the state is replaced, never changed", () => {
  const store = createStore();
  const before = store.get();
  store.set({ mode: "brush" });
  assert.equal(before.mode, "objects");
  assert.equal(store.get().mode, "brush");
  assert.equal(store.get().strokes, before.strokes);
});

test("an empty change runs no watcher", () => {
  const store = createStore();
  let runs = 0;
  store.on(["photo", "mode", "strokes"], () => {
    runs += 1;
  });
  store.set({});
  assert.equal(runs, 1);
});

test("a watcher may change the state itself", () => {
  const store = createStore();
  store.on(["mode"], ({ mode }) => {
    if (mode === "compare") store.set({ mode: "objects" });
  });
  store.set({ mode: "compare" });
  assert.equal(store.get().mode, "objects");
});

test("stores share no state", () => {
  const [a, b] = [createStore(), createStore()];
  toggleTick(a, "d1");
  assert.deepEqual([...a.get().ticked], ["d1"]);
  assert.deepEqual([...b.get().ticked], []);
});

test("a tick is toggled in a new set, and ends a comparison", () => {
  const store = createStore();
  const before = store.get().ticked;
  toggleTick(store, "d1");
  toggleTick(store, "d2");
  toggleTick(store, "d1");
  assert.deepEqual([...store.get().ticked], ["d2"]);
  assert.equal(before.size, 0);
  store.set({ mode: "brush" });
  toggleTick(store, "d3");
  assert.equal(store.get().mode, "brush");
  store.set({ mode: "compare" });
  toggleTick(store, "d3");
  assert.equal(store.get().mode, "objects");
});

test("queued and running edits are unfinished", () => {
  const states = /** @type {const} */ (["queued", "running", "succeeded", "failed", "cancelled"]);
  assert.deepEqual(
    states.filter((state) => isUnfinished({ state })),
    ["queued", "running"],
  );
});

test("detections of unfinished edits are collected once", () => {
  const edits = [
    buildEdit({ state: "running", detections: ["a", "b"] }),
    buildEdit({ state: "queued", detections: ["b", "c"] }),
    buildEdit({ state: "failed", detections: ["d"] }),
  ];
  assert.deepEqual([...getDetectionsInEdits({ edits })], ["a", "b", "c"]);
});

test("a detection without a box, and a removed one, has no place", () => {
  const detections = [
    buildDetection({ id: "a" }),
    buildDetection({ id: "b", box: null }),
    buildDetection({ id: "c", removed: true }),
  ];
  assert.deepEqual(
    getPlacedDetections({ detections }).map(({ id }) => id),
    ["a"],
  );
});

test("the most certain detection comes first, and the list itself stays as it is", () => {
  const detections = [0.2, 0.9, 0.5].map((confidence) => buildDetection({ confidence }));
  const sorted = sortByConfidence(detections).map(({ confidence }) => confidence);
  assert.deepEqual(sorted, [0.9, 0.5, 0.2]);
  assert.equal(detections[0].confidence, 0.2);
});

test("detections of the same kind are numbered", () => {
  const labels = ["dog", "person", "dog", "constructor", "__proto__"];
  const names = nameDetections(labels.map((label, index) => ({ id: `d${index}`, label })));
  assert.deepEqual([...names.values()], ["dog 1", "person", "dog 2", "constructor", "__proto__"]);
  assert.equal(nameDetections([]).size, 0);
});
