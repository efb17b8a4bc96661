/** Where the picture lies in its window, and how large it is. */

/** @typedef {{scale: number, x: number, y: number}} View window pixels per photo pixel, and the
 *   position of the photo's corner in the window */
/** @typedef {{width: number, height: number}} Size */

export const MARGIN = 14;
const MIN_SCALE = 0.01;
const MAX_SCALE = 4;

/**
 * Return the offset of a picture of `length` in a window of `windowLength` pixels: centred if it
 * fits, otherwise limited so that both ends can be reached.
 * @param {number} offset
 * @param {number} length
 * @param {number} windowLength
 * @returns {number}
 */
export function clampOffset(offset, length, windowLength) {
  if (length <= windowLength) return (windowLength - length) / 2;
  return Math.min(MARGIN, Math.max(windowLength - length - MARGIN, offset));
}

/**
 * Return the scale at which the whole photo fits into the window.
 * @param {Size} photo
 * @param {Size} window
 * @returns {number}
 */
export function computeFitScale(photo, window) {
  const widthScale = (window.width - 2 * MARGIN) / photo.width;
  const heightScale = (window.height - 2 * MARGIN) / photo.height;
  return Math.max(MIN_SCALE, Math.min(widthScale, heightScale));
}

/**
 * Return the view after a zoom that keeps the point (x, y) of the window where it is.
 * @param {View} view
 * @param {number} factor
 * @param {number} x
 * @param {number} y
 * @param {number} fitScale
 * @returns {View} its scale is limited to the whole photo (or 1, if that is smaller) and 4
 */
export function zoomView(view, factor, x, y, fitScale) {
  const scale = Math.min(MAX_SCALE, Math.max(Math.min(1, fitScale), view.scale * factor));
  return {
    scale,
    x: x - ((x - view.x) * scale) / view.scale,
    y: y - ((y - view.y) * scale) / view.scale,
  };
}
