/** The brush's tools in the panel: paint or erase, size, undo, clear. */
import { byId } from "../dom.js";

/** The slider is a share of the photo's longer side, from 0.25 % to 25 %, finer at the small end. */
const LEAST = 0.0025;
const RANGE = 100;

/**
 * @param {number} value of the slider, 1..100
 * @param {{width: number, height: number}} photo
 * @returns {number} pixels of the photo
 */
export function brushPixels(value, photo) {
  return Math.max(1, Math.round(LEAST * RANGE ** (value / 100) * Math.max(photo.width, photo.height)));
}

/**
 * @param {import("./types.js").Store} store
 */
export function mountBrushTools(store) {
  const size = byId("brush-size");
  const resize = () => {
    const { photo } = store.get();
    if (photo) store.set({ brushSize: brushPixels(Number(size.value), photo) });
  };
  const press = (name, on) => byId(name).setAttribute("aria-pressed", String(on));

  size.addEventListener("input", resize);
  byId("brush-paint").addEventListener("click", () => store.set({ erasing: false }));
  byId("brush-erase").addEventListener("click", () => store.set({ erasing: true }));
  byId("brush-undo").addEventListener("click", () => store.set({ strokes: store.get().strokes.slice(0, -1) }));
  byId("brush-clear").addEventListener("click", () => store.set({ strokes: [] }));
  store.on(["photo"], resize);
  store.on(["brushSize"], ({ brushSize }) => {
    byId("brush-size-value").textContent = `${brushSize} px`;
  });
  store.on(["erasing"], ({ erasing }) => {
    press("brush-paint", !erasing);
    press("brush-erase", erasing);
  });
  store.on(["strokes"], ({ strokes }) => {
    byId("brush-undo").disabled = byId("brush-clear").disabled = strokes.length === 0;
  });
}
