/**
 * Strokes as a PNG mask, by default at the photo's full size: 255 goes, 0 stays (8 bits, grey; PNG specification, W3C, third edition).
 * The PNG is written strip by strip, because browsers refuse or lose canvases as large as a big photo.
 */
import { drawStrokes } from "./strokes.js";

const STRIP_PIXELS = 2_000_000;
const SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const GREY = 0;
const EIGHT_BITS = 8;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC_TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/**
 * @param {string} type four letters
 * @param {Uint8Array} data
 * @returns {Uint8Array}
 */
function chunk(type, data) {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** @returns {Uint8Array} */
function header(width, height) {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([EIGHT_BITS, GREY, 0, 0, 0], 8);
  return chunk("IHDR", data);
}

/**
 * Rows of one strip, each with PNG's filter byte 0 in front.
 * @returns {{rows: Uint8Array, covered: number}}
 */
function strip(context, strokes, scale, top, width, height) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalCompositeOperation = "source-over";
  context.clearRect(0, 0, width, height);
  context.setTransform(scale, 0, 0, scale, 0, -top);
  drawStrokes(context, strokes, "#fff");
  const pixels = context.getImageData(0, 0, width, height).data;
  const rows = new Uint8Array((width + 1) * height);
  let covered = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (pixels[4 * (y * width + x) + 3] < 128) continue;
      rows[y * (width + 1) + 1 + x] = 255;
      covered += 1;
    }
  }
  return { rows, covered };
}

/**
 * @param {readonly import("./types.js").Stroke[]} strokes in pixels of the photo
 * @param {{width: number, height: number}} photo
 * @param {number} [longest] side of the mask; without it the mask is as large as the photo
 * @returns {Promise<{png: Blob, covered: number}>} and how many pixels of the mask go
 */
export async function maskPng(strokes, photo, longest = Infinity) {
  const scale = Math.min(1, longest / Math.max(photo.width, photo.height));
  const [width, height] = [photo.width, photo.height].map((side) => Math.max(1, Math.round(side * scale)));
  const stripHeight = Math.min(height, Math.max(1, Math.floor(STRIP_PIXELS / width)));
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = stripHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const packer = new CompressionStream("deflate");
  const packed = new Response(packer.readable).arrayBuffer();
  const writer = packer.writable.getWriter();
  let covered = 0;
  for (let top = 0; top < height; top += stripHeight) {
    const part = strip(context, strokes, scale, top, width, Math.min(stripHeight, height - top));
    covered += part.covered;
    await writer.write(part.rows);
  }
  await writer.close();
  const data = chunk("IDAT", new Uint8Array(await packed));
  const png = new Blob([SIGNATURE, header(width, height), data, chunk("IEND", new Uint8Array())], { type: "image/png" });
  return { png, covered };
}
