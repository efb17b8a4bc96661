/** The brush's tools in the panel: paint or erase, size, undo, clear. */
import { getElement } from "../dom.js";

/** @import { Store } from "./types.js" */

/** The slider is a share of the photo's longer side: 0.25 % to 25 %, finer at the small end. */
const MIN_SHARE = 0.0025;
const RANGE = 100;

/**
 * Return the brush's size for a position of the slider.
 * @param {number} value of the slider, 1..100
 * @param {{width: number, height: number}} photo
 * @returns {number} in pixels of the photo, at least 1
 */
export function computeBrushSize(value, photo) {
  const share = MIN_SHARE * RANGE ** (value / 100);
  return Math.max(1, Math.round(share * Math.max(photo.width, photo.height)));
}

/** @param {Store} store */
export function mountBrushTools(store) {
  const slider = getElement("brush-size", HTMLInputElement);
  const undo = getElement("brush-undo", HTMLButtonElement);
  const clear = getElement("brush-clear", HTMLButtonElement);
  const updateSize = () => {
    const { photo } = store.get();
    if (photo) store.set({ brushSize: computeBrushSize(Number(slider.value), photo) });
  };
  /** @param {string} id @param {boolean} isPressed */
  const setPressed = (id, isPressed) =>
    getElement(id).setAttribute("aria-pressed", String(isPressed));

  slider.addEventListener("input", updateSize);
  getElement("brush-paint").addEventListener("click", () => store.set({ erasing: false }));
  getElement("brush-erase").addEventListener("click", () => store.set({ erasing: true }));
  undo.addEventListener("click", () => store.set({ strokes: store.get().strokes.slice(0, -1) }));
  clear.addEventListener("click", () => store.set({ strokes: [] }));
  store.on(["photo"], updateSize);
  store.on(["brushSize"], ({ brushSize }) => {
    getElement("brush-size-value").textContent = `${brushSize} px`;
  });
  store.on(["erasing"], ({ erasing }) => {
    setPressed("brush-paint", !erasing);
    setPressed("brush-erase", erasing);
  });
  store.on(["strokes"], ({ strokes }) => {
    undo.disabled = strokes.length === 0;
    clear.disabled = strokes.length === 0;
  });
}
