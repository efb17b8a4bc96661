import assert from "node:assert/strict";
import { test } from "node:test";
import { drawStroke, drawStrokes, hasPaint } from "../../assets/js/editor/strokes.js";
import { FakeContext } from "./fake-canvas.js";

/** @import { Stroke } from "../../assets/js/editor/types.js" */

/** @type {Stroke} */
const LINE = {
  points: [
    [2, 5],
    [8, 5],
  ],
  size: 2,
  erase: false,
};
/** @type {Stroke} */
const DOT = { points: [[5, 5]], size: 6, erase: false };

/** @param {FakeContext} context */
function countPixels(context) {
  const { data } = context.getImageData(0, 0, context.width, context.height);
  return data.filter((value, index) => index % 4 === 3 && value === 255).length;
}

test("a stroke is a line with round ends, as wide as the brush", () => {
  const context = new FakeContext(10, 10);
  drawStroke(context.asContext(), LINE, "#f00");
  assert.deepEqual(context.calls, ["stroke"]);
  assert.deepEqual([context.lineCap, context.lineJoin, context.lineWidth], ["round", "round", 2]);
  assert.deepEqual([context.strokeStyle, context.fillStyle], ["#f00", "#f00"]);
});

test("a single point is a disc of the brush's size", () => {
  const context = new FakeContext(10, 10);
  drawStroke(context.asContext(), DOT, "#f00");
  assert.deepEqual(context.calls, ["fill"]);
  assert.ok(Math.abs(countPixels(context) - Math.PI * 9) < 4);
});

test("an erasing stroke removes what was painted before it, and nothing after it", () => {
  const eraser = { ...DOT, size: 100, erase: true };
  const context = new FakeContext(10, 10);
  drawStrokes(context.asContext(), [LINE, eraser], "#f00");
  assert.equal(countPixels(context), 0);
  drawStrokes(context.asContext(), [eraser, LINE], "#f00");
  assert.ok(countPixels(context) > 0);
  assert.equal(context.globalCompositeOperation, "source-over");
});

test("the same point twice is still a stroke", () => {
  const context = new FakeContext(10, 10);
  drawStroke(context.asContext(), { ...DOT, points: [...DOT.points, ...DOT.points] }, "#f00");
  assert.deepEqual(context.calls, ["stroke"]);
  assert.ok(countPixels(context) > 0);
});

test("only painting strokes count as paint", () => {
  assert.equal(hasPaint([]), false);
  assert.equal(hasPaint([{ ...DOT, erase: true }]), false);
  assert.equal(hasPaint([{ ...DOT, erase: true }, DOT]), true);
});
