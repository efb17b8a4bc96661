/**
 * Strokes as a PNG mask, by default at the photo's full size: 255 = remove, 0 = keep.
 * The mask is drawn strip by strip, because browsers refuse canvases as large as a large photo.
 */
import { GreyPngWriter } from "./png.js";
import { drawStrokes } from "./strokes.js";

/** @import { Stroke } from "./types.js" */

const STRIP_PIXELS = 2_000_000;
const OPAQUE_FROM = 128;

/**
 * Draw the strokes into one strip of the mask.
 * @param {CanvasRenderingContext2D} context
 * @param {readonly Stroke[]} strokes
 * @param {{scale: number, top: number, width: number, height: number}} strip `scale` is mask pixels
 *   per photo pixel, the others are in pixels of the mask
 * @returns {Uint8ClampedArray} RGBA
 */
function drawStrip(context, strokes, { scale, top, width, height }) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalCompositeOperation = "source-over";
  context.clearRect(0, 0, width, height);
  context.setTransform(scale, 0, 0, scale, 0, -top);
  drawStrokes(context, strokes, "#fff");
  return context.getImageData(0, 0, width, height).data;
}

/**
 * Turn RGBA pixels into PNG rows: 255 where the alpha is at least 128, else 0.
 * @param {Uint8ClampedArray} pixels
 * @param {number} width
 * @param {number} height
 * @returns {{rows: Uint8Array<ArrayBuffer>, count: number}} `count`: how many pixels are 255
 */
function thresholdAlpha(pixels, width, height) {
  const rows = new Uint8Array((width + 1) * height);
  let count = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (pixels[4 * (y * width + x) + 3] < OPAQUE_FROM) continue;
      rows[y * (width + 1) + 1 + x] = 255;
      count += 1;
    }
  }
  return { rows, count };
}

/**
 * @param {number} width
 * @param {number} height
 */
function createContext(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("The browser gave no canvas to draw the mask on");
  return context;
}

/**
 * Render strokes as a mask file.
 * @param {readonly Stroke[]} strokes in pixels of the photo
 * @param {{width: number, height: number}} photo
 * @param {number} [maxSide] of the mask; without it the mask is as large as the photo
 * @returns {Promise<{png: Blob, count: number}>} `count`: how many pixels of the mask are 255
 */
export async function renderMaskPng(strokes, photo, maxSide = Infinity) {
  const scale = Math.min(1, maxSide / Math.max(photo.width, photo.height));
  const [width, height] = [photo.width, photo.height].map((side) =>
    Math.max(1, Math.round(side * scale)),
  );
  const stripHeight = Math.min(height, Math.max(1, Math.floor(STRIP_PIXELS / width)));
  const context = createContext(width, stripHeight);
  const writer = new GreyPngWriter(width, height);
  let count = 0;
  for (let top = 0; top < height; top += stripHeight) {
    const strip = { scale, top, width, height: Math.min(stripHeight, height - top) };
    const part = thresholdAlpha(drawStrip(context, strokes, strip), width, strip.height);
    count += part.count;
    await writer.write(part.rows);
  }
  return { png: await writer.finish(), count };
}
