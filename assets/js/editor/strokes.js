/** Brush strokes as lines in pixels of the photo: drawn the same way on screen and in the mask. */

/** @import { Stroke } from "./types.js" */

/**
 * Draw one stroke: a line with round ends, or a disc if it has a single point.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context its unit is one
 *   pixel of the photo
 * @param {Stroke} stroke
 * @param {string} colour
 */
export function drawStroke(context, { points, size, erase }, colour) {
  context.globalCompositeOperation = erase ? "destination-out" : "source-over";
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = size;
  context.lineCap = "round";
  context.lineJoin = "round";
  const [first, ...rest] = points;
  context.beginPath();
  if (!rest.length) {
    context.arc(first[0], first[1], size / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.moveTo(first[0], first[1]);
  for (const [x, y] of rest) context.lineTo(x, y);
  context.stroke();
}

/**
 * Draw strokes in order: an erasing stroke removes only what was painted before it.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {readonly Stroke[]} strokes
 * @param {string} colour
 */
export function drawStrokes(context, strokes, colour) {
  for (const stroke of strokes) drawStroke(context, stroke, colour);
}

/**
 * Return whether a stroke paints, so that the mask may have pixels.
 * @param {readonly Stroke[]} strokes
 * @returns {boolean}
 */
export const hasPaint = (strokes) => strokes.some((stroke) => !stroke.erase);
