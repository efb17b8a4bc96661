/** The brush: strokes by pointer or keyboard, on a canvas over the picture. */
import { byId } from "../dom.js";
import { drawStroke, drawStrokes } from "./strokes.js";

const COLOUR = "#ff2468";
const CANVAS_SIDE = 2048;
const LEAST_STEP = 0.5;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Brush {
  #store;
  #stage;
  #canvas = byId("stage-brush");
  #context = this.#canvas.getContext("2d");
  /** @type {import("./types.js").Stroke | null} */
  #stroke = null;

  /**
   * @param {import("./types.js").Store} store
   * @param {import("./stage.js").Stage} stage
   */
  constructor(store, stage) {
    this.#store = store;
    this.#stage = stage;
    store.on(["strokes", "photo"], () => this.#redraw());
    mountKeys(this, store, this.#canvas, mountRing(store, stage));
  }

  #redraw() {
    const { photo, strokes } = this.#store.get();
    if (!photo) return;
    const scale = Math.min(1, CANVAS_SIDE / Math.max(photo.width, photo.height));
    const [width, height] = [Math.round(photo.width * scale), Math.round(photo.height * scale)];
    Object.assign(this.#canvas, { width, height });
    this.#context.setTransform(width / photo.width, 0, 0, height / photo.height, 0, 0);
    drawStrokes(this.#context, strokes, COLOUR);
    if (this.#stroke) drawStroke(this.#context, this.#stroke, COLOUR);
  }

  /** @param {[number, number]} point in pixels of the photo */
  start(point) {
    const { brushSize, erasing } = this.#store.get();
    this.#stroke = { points: [point], size: brushSize, erase: erasing };
    drawStroke(this.#context, this.#stroke, COLOUR);
  }

  /** @param {[number, number]} point in pixels of the photo */
  extend(point) {
    if (!this.#stroke) return;
    const { points } = this.#stroke;
    const last = points[points.length - 1];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < LEAST_STEP) return;
    points.push(point);
    drawStroke(this.#context, { ...this.#stroke, points: [last, point] }, COLOUR);
  }

  /** Keep the stroke. */
  end() {
    if (!this.#stroke) return;
    const done = this.#stroke;
    this.#stroke = null;
    this.#store.set({ strokes: [...this.#store.get().strokes, done] });
  }

  /** Forget the stroke. */
  abort() {
    this.#stroke = null;
    this.#redraw();
  }

  /** @param {PointerEvent} event */
  begin(event) {
    this.start(this.#stage.toPhoto(event));
  }

  /** @param {PointerEvent} event */
  move(event) {
    for (const part of event.getCoalescedEvents?.() || []) this.extend(this.#stage.toPhoto(part));
    this.extend(this.#stage.toPhoto(event));
  }
}

/** The ring that shows how large the brush is, and where. */
function mountRing(store, stage) {
  const ring = byId("brush-ring");
  let at = null;

  function show() {
    const { mode, brushSize, erasing } = store.get();
    ring.hidden = mode !== "brush" || !at;
    if (ring.hidden) return;
    const size = Math.max(4, brushSize * stage.view.scale);
    const left = at[0] * stage.view.scale - size / 2;
    const top = at[1] * stage.view.scale - size / 2;
    Object.assign(ring.style, { width: `${size}px`, height: `${size}px`, transform: `translate(${left}px, ${top}px)` });
    ring.classList.toggle("erasing", erasing);
  }
  const moveTo = (point) => {
    at = point;
    show();
  };
  stage.element.addEventListener("pointermove", (event) => moveTo(stage.toPhoto(event)));
  stage.element.addEventListener("pointerleave", () => moveTo(null));
  stage.element.addEventListener("view", show);
  store.on(["mode", "brushSize", "erasing"], show);
  return { moveTo, at: () => at };
}

/** Arrow keys move the brush (Shift: far), the space bar puts it down and lifts it. */
function mountKeys(brush, store, canvas, ring) {
  let down = false;
  const middle = () => [store.get().photo.width / 2, store.get().photo.height / 2];

  canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && !ring.at() && ring.moveTo(middle()));
  canvas.addEventListener("blur", () => {
    if (down) brush.end();
    down = false;
  });
  canvas.addEventListener("keydown", (event) => {
    const point = ring.at() || middle();
    if (event.key === " ") {
      if (down) brush.end();
      else brush.start(point);
      down = !down;
    } else if (event.key in STEPS) {
      const [dx, dy] = STEPS[event.key];
      const far = Math.max(1, (store.get().brushSize / 4) * (event.shiftKey ? 6 : 1));
      const { width, height } = store.get().photo;
      const next = [Math.min(width, Math.max(0, point[0] + dx * far)), Math.min(height, Math.max(0, point[1] + dy * far))];
      ring.moveTo(next);
      if (down) brush.extend(next);
    } else return;
    event.preventDefault();
  });
  store.on(["mode"], ({ mode }) => {
    canvas.tabIndex = mode === "brush" ? 0 : -1;
  });
}
