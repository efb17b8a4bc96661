/** Reads the grey PNG files that the editor writes, and checks them against the specification. */
import assert from "node:assert/strict";
import { crc32, inflateSync } from "node:zlib";

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

/**
 * Split a file into its chunks, and check length and checksum of each.
 * @param {Buffer} file
 */
function readChunks(file) {
  const chunks = [];
  for (let start = SIGNATURE.length; start < file.length; ) {
    const length = file.readUInt32BE(start);
    const end = start + 8 + length;
    assert.equal(file.readUInt32BE(end), crc32(file.subarray(start + 4, end)), "checksum");
    chunks.push({
      type: file.toString("latin1", start + 4, start + 8),
      data: file.subarray(start + 8, end),
    });
    start = end + 4;
  }
  return chunks;
}

/**
 * Read an 8-bit grey PNG without filters.
 * @param {Blob} png
 * @returns {Promise<{width: number, height: number, rows: number[][]}>}
 */
export async function readGreyPng(png) {
  assert.equal(png.type, "image/png");
  const file = Buffer.from(await png.arrayBuffer());
  assert.deepEqual([...file.subarray(0, SIGNATURE.length)], SIGNATURE);
  const [header, data, end, ...others] = readChunks(file);
  assert.deepEqual([header.type, data.type, end.type], ["IHDR", "IDAT", "IEND"]);
  assert.deepEqual([end.data.length, others.length], [0, 0]);
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  assert.deepEqual([...header.data.subarray(8)], [8, 0, 0, 0, 0], "8 bits, grey, not interlaced");
  const bytes = inflateSync(data.data);
  assert.equal(bytes.length, (width + 1) * height);
  const rows = [];
  for (let y = 0; y < height; y += 1) {
    const row = bytes.subarray(y * (width + 1), (y + 1) * (width + 1));
    assert.equal(row[0], 0, "filter");
    rows.push([...row.subarray(1)]);
  }
  return { width, height, rows };
}
