/** Brush strokes as lines in pixels of the photo: drawn the same way on the screen and into the mask. */

/** @typedef {import("./types.js").Stroke} Stroke */

/**
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context with the photo's pixels as its units
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
 * Draw a whole picture's strokes, in order: what erases only takes away what lies below it.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {readonly Stroke[]} strokes
 * @param {string} colour
 */
export function drawStrokes(context, strokes, colour) {
  for (const stroke of strokes) drawStroke(context, stroke, colour);
}

/**
 * @param {readonly Stroke[]} strokes
 * @returns {boolean} whether anything is painted at all
 */
export const paints = (strokes) => strokes.some((stroke) => !stroke.erase);
