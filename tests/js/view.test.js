import assert from "node:assert/strict";
import { test } from "node:test";
import { clampOffset, computeFitScale, MARGIN, zoomView } from "../../assets/js/editor/view.js";

test("a picture that fits is centred, wherever it was moved", () => {
  for (const offset of [-900, 0, 900]) assert.equal(clampOffset(offset, 100, 300), 100);
  assert.equal(clampOffset(5, 300, 300), 0);
});

test("a larger picture moves until its ends are a margin inside the window", () => {
  assert.equal(clampOffset(0, 1000, 300), 0);
  assert.equal(clampOffset(500, 1000, 300), MARGIN);
  assert.equal(clampOffset(-5000, 1000, 300), 300 - 1000 - MARGIN);
});

test("the fit scale leaves a margin on the tighter side", () => {
  const photo = { width: 1000, height: 500 };
  const wide = computeFitScale(photo, { width: 500 + 2 * MARGIN, height: 5000 });
  assert.equal(wide, 0.5);
  const low = computeFitScale(photo, { width: 5000, height: 100 + 2 * MARGIN });
  assert.equal(low, 0.2);
});

test("the fit scale is positive even in a window without space", () => {
  assert.equal(computeFitScale({ width: 10, height: 10 }, { width: 0, height: 0 }), 0.01);
});

test("the point under the pointer stays where it is", () => {
  const view = { scale: 0.5, x: 30, y: -20 };
  const after = zoomView(view, 1.7, 120, 80, 0.3);
  assert.equal(after.scale, 0.85);
  assert.ok(Math.abs((120 - after.x) / after.scale - (120 - view.x) / view.scale) < 1e-9);
  assert.ok(Math.abs((80 - after.y) / after.scale - (80 - view.y) / view.scale) < 1e-9);
});

test("the zoom ends at 4, and at the whole photo or its true size", () => {
  const view = { scale: 1, x: 0, y: 0 };
  assert.equal(zoomView(view, 100, 0, 0, 0.3).scale, 4);
  assert.equal(zoomView(view, 0.001, 0, 0, 0.3).scale, 0.3);
  assert.equal(zoomView(view, 0.001, 0, 0, 2.5).scale, 1);
});
