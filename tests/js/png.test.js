import assert from "node:assert/strict";
import { test } from "node:test";
import { GreyPngWriter } from "../../assets/js/editor/png.js";
import { readGreyPng } from "./png-reader.js";

test("rows come back as they were written, in one call or several", async () => {
  const writer = new GreyPngWriter(3, 3);
  await writer.write(Uint8Array.of(0, 1, 2, 3));
  await writer.write(Uint8Array.of(0, 255, 128, 0, 0, 7, 8, 9));

  const picture = await readGreyPng(await writer.finish());

  assert.deepEqual([picture.width, picture.height], [3, 3]);
  assert.deepEqual(picture.rows, [
    [1, 2, 3],
    [255, 128, 0],
    [7, 8, 9],
  ]);
});

test("a picture of a single pixel", async () => {
  const writer = new GreyPngWriter(1, 1);
  await writer.write(Uint8Array.of(0, 200));
  assert.deepEqual((await readGreyPng(await writer.finish())).rows, [[200]]);
});

test("a large picture is compressed", async () => {
  const [width, height] = [2000, 500];
  const writer = new GreyPngWriter(width, height);
  for (let y = 0; y < height; y += 1) await writer.write(new Uint8Array(width + 1));
  const png = await writer.finish();
  assert.ok(png.size < 5000, `${png.size} bytes`);
  assert.equal((await readGreyPng(png)).rows.length, height);
});

test("no row can follow the end", async () => {
  const writer = new GreyPngWriter(1, 1);
  await writer.write(Uint8Array.of(0, 0));
  await writer.finish();
  await assert.rejects(writer.write(Uint8Array.of(0, 0)), TypeError);
});
