/** The brush: strokes by pointer or keyboard, on a canvas over the picture. */
import { getElement } from "../dom.js";
import { drawStroke, drawStrokes } from "./strokes.js";

/** @import { Point } from "../api-types.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Store, Stroke } from "./types.js" */

const COLOUR = "#ff2468";
const CANVAS_SIDE = 2048;
const MIN_STEP = 0.5;
const MIN_RING_PX = 4;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Brush {
  #store;
  #stage;
  #canvas = getElement("stage-brush", HTMLCanvasElement);
  #context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
  /** @type {Stroke | null} */
  #stroke = null;

  /**
   * @param {Store} store
   * @param {Stage} stage
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
    const [width, height] = [photo.width, photo.height].map((side) =>
      Math.max(1, Math.round(side * scale)),
    );
    Object.assign(this.#canvas, { width, height });
    this.#context.setTransform(width / photo.width, 0, 0, height / photo.height, 0, 0);
    drawStrokes(this.#context, strokes, COLOUR);
    if (this.#stroke) drawStroke(this.#context, this.#stroke, COLOUR);
  }

  /** @param {Point} point */
  start(point) {
    const { brushSize, erasing } = this.#store.get();
    this.#stroke = { points: [point], size: brushSize, erase: erasing };
    drawStroke(this.#context, this.#stroke, COLOUR);
  }

  /** @param {Point} point */
  extend(point) {
    if (!this.#stroke) return;
    const { points } = this.#stroke;
    const last = points[points.length - 1];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < MIN_STEP) return;
    points.push(point);
    drawStroke(this.#context, { ...this.#stroke, points: [last, point] }, COLOUR);
  }

  /** Add the stroke to the selection. */
  end() {
    if (!this.#stroke) return;
    const stroke = this.#stroke;
    this.#stroke = null;
    this.#store.set({ strokes: [...this.#store.get().strokes, stroke] });
  }

  /** Discard the stroke. */
  cancel() {
    this.#stroke = null;
    this.#redraw();
  }

  /** @param {PointerEvent} event */
  startAtPointer(event) {
    this.start(this.#stage.toPhoto(event));
  }

  /** @param {PointerEvent} event */
  extendToPointer(event) {
    for (const part of event.getCoalescedEvents?.() || []) this.extend(this.#stage.toPhoto(part));
    this.extend(this.#stage.toPhoto(event));
  }
}

/** @typedef {{moveTo: (point: Point | null) => void, getPosition: () => Point | null}} Ring */

/**
 * Show a ring where the brush is, as large as the brush.
 * @param {Store} store
 * @param {Stage} stage
 * @returns {Ring}
 */
function mountRing(store, stage) {
  const ring = getElement("brush-ring");
  /** @type {Point | null} */
  let position = null;

  function show() {
    const { mode, brushSize, erasing } = store.get();
    ring.hidden = mode !== "brush" || !position;
    if (mode !== "brush" || !position) return;
    const size = Math.max(MIN_RING_PX, brushSize * stage.view.scale);
    const left = position[0] * stage.view.scale - size / 2;
    const top = position[1] * stage.view.scale - size / 2;
    const transform = `translate(${left}px, ${top}px)`;
    Object.assign(ring.style, { width: `${size}px`, height: `${size}px`, transform });
    ring.classList.toggle("erasing", erasing);
  }
  /** @param {Point | null} point */
  const moveTo = (point) => {
    position = point;
    show();
  };
  stage.element.addEventListener("pointermove", (event) => moveTo(stage.toPhoto(event)));
  stage.element.addEventListener("pointerleave", () => moveTo(null));
  stage.element.addEventListener("view", show);
  store.on(["mode", "brushSize", "erasing"], show);
  return { moveTo, getPosition: () => position };
}

/**
 * Move the brush by the arrow keys (with Shift in large steps); the space bar starts and ends a stroke.
 * @param {Brush} brush
 * @param {Store} store
 * @param {HTMLCanvasElement} canvas
 * @param {Ring} ring
 */
function mountKeys(brush, store, canvas, ring) {
  let isDown = false;
  const getPhotoSize = () => store.get().photo || { width: 0, height: 0 };
  /** @returns {Point} */
  const getCentre = () => [getPhotoSize().width / 2, getPhotoSize().height / 2];

  /** @param {Point} point @param {KeyboardEvent} event */
  function step(point, event) {
    const [dx, dy] = ARROWS[event.key];
    const length = Math.max(1, (store.get().brushSize / 4) * (event.shiftKey ? 6 : 1));
    const { width, height } = getPhotoSize();
    const x = Math.min(width, Math.max(0, point[0] + dx * length));
    const y = Math.min(height, Math.max(0, point[1] + dy * length));
    ring.moveTo([x, y]);
    if (isDown) brush.extend([x, y]);
  }

  canvas.addEventListener("focus", () => {
    if (canvas.matches(":focus-visible") && !ring.getPosition()) ring.moveTo(getCentre());
  });
  canvas.addEventListener("blur", () => {
    if (isDown) brush.end();
    isDown = false;
  });
  canvas.addEventListener("keydown", (event) => {
    const point = ring.getPosition() || getCentre();
    if (event.key === " ") {
      if (isDown) brush.end();
      else brush.start(point);
      isDown = !isDown;
    } else if (event.key in ARROWS) step(point, event);
    else return;
    event.preventDefault();
  });
  store.on(["mode"], ({ mode }) => {
    canvas.tabIndex = mode === "brush" ? 0 : -1;
  });
}
