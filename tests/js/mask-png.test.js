import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { renderMaskPng } from "../../assets/js/editor/mask-png.js";
import { FakeContext, installFakeCanvas } from "./fake-canvas.js";
import { readGreyPng } from "./png-reader.js";

/** @import { Point } from "../../assets/js/api-types.js" */
/** @import { Stroke } from "../../assets/js/editor/types.js" */

/** @type {FakeContext[]} */
let contexts;

beforeEach(() => {
  contexts = installFakeCanvas();
});

/**
 * @param {Point[]} points
 * @param {number} size
 * @returns {Stroke}
 */
const paint = (points, size) => ({ points, size, erase: false });

/** @param {number[][]} rows */
const count255 = (rows) => rows.flat().filter((value) => value === 255).length;

test("the mask is as large as the photo: 255 under the stroke, 0 elsewhere", async () => {
  const stroke = paint(
    [
      [2, 2],
      [6, 2],
    ],
    2,
  );
  const { png, count } = await renderMaskPng([stroke], { width: 9, height: 5 });

  const { width, height, rows } = await readGreyPng(png);

  assert.deepEqual([width, height], [9, 5]);
  assert.deepEqual(rows, [
    [0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 255, 255, 255, 255, 255, 255, 0, 0],
    [0, 255, 255, 255, 255, 255, 255, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0],
  ]);
  assert.equal(count, 12);
});

test("without strokes, and with all of them erased, no pixel is 255", async () => {
  const photo = { width: 8, height: 8 };
  const dot = paint([[4, 4]], 4);
  for (const strokes of [[], [dot, { ...dot, size: 9, erase: true }]]) {
    const { png, count } = await renderMaskPng(strokes, photo);
    assert.equal(count, 0);
    assert.equal(count255((await readGreyPng(png)).rows), 0);
  }
});

test("a stroke outside the photo is cut off", async () => {
  const { png, count } = await renderMaskPng(
    [
      paint(
        [
          [-5, 2],
          [50, 2],
        ],
        2,
      ),
    ],
    { width: 4, height: 4 },
  );
  const { rows } = await readGreyPng(png);
  assert.equal(count, 8);
  assert.deepEqual(rows[1], [255, 255, 255, 255]);
});

test("a large photo is drawn in strips that join without a seam", async () => {
  const photo = { width: 2500, height: 2000 };
  const strokes = [
    paint(
      [
        [100, 0],
        [100, 2000],
      ],
      6,
    ),
    paint([[1000, 800]], 90),
  ];

  const { png, count } = await renderMaskPng(strokes, photo);

  const { rows } = await readGreyPng(png);
  assert.equal(contexts.length, 1, "one canvas for all strips");
  assert.ok(contexts[0].width * contexts[0].height <= 2_000_000);
  assert.ok(contexts[0].height < photo.height);
  const whole = new FakeContext(photo.width, photo.height);
  const { drawStrokes } = await import("../../assets/js/editor/strokes.js");
  drawStrokes(whole.asContext(), strokes, "#fff");
  const { data } = whole.getImageData(0, 0, photo.width, photo.height);
  const differs = rows.findIndex((row, y) =>
    row.some((value, x) => value !== data[4 * (y * photo.width + x) + 3]),
  );
  assert.equal(differs, -1, "a row differs from one large canvas");
  assert.equal(count, count255(rows));
});

test("a limited mask is scaled with its strokes", async () => {
  const stroke = paint([[400, 200]], 80);
  const { png } = await renderMaskPng([stroke], { width: 800, height: 400 }, 80);
  const { width, height, rows } = await readGreyPng(png);
  assert.deepEqual([width, height], [80, 40]);
  assert.equal(rows[20][40], 255);
  assert.equal(rows[20][45], 0);
  assert.ok(Math.abs(count255(rows) - Math.PI * 16) < 6);
});

test("a limit above the photo's size changes nothing", async () => {
  const { png } = await renderMaskPng([], { width: 30, height: 20 }, 512);
  const { width, height } = await readGreyPng(png);
  assert.deepEqual([width, height], [30, 20]);
});

test("no side of a scaled mask is 0", async () => {
  const { png } = await renderMaskPng([], { width: 5000, height: 2 }, 100);
  const { width, height } = await readGreyPng(png);
  assert.deepEqual([width, height], [100, 1]);
});

test("a browser that gives no canvas is an error", async () => {
  const createElement = () => ({ getContext: () => null });
  Object.assign(globalThis, { document: { createElement } });
  await assert.rejects(renderMaskPng([], { width: 5, height: 5 }), /no canvas/);
});
