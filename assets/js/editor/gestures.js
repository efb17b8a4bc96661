/** Pointers on the stage: paint with one, pinch and move with two, zoom with the wheel. */

/** @import { Brush } from "./brush.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Store } from "./types.js" */

const DRAG_PX = 5;
const LINE_PX = 16;
const ZOOM_PER_PX = 0.0022;

/** @typedef {{x: number, y: number}} Position in pixels of the stage */

export class Gestures {
  #store;
  #stage;
  #brush;
  /** @type {Map<number, Position>} */
  #pointers = new Map();
  /** @type {"none" | "paint" | "press" | "pinch"} */
  #action = "none";
  #isDrag = false;

  /**
   * @param {Store} store
   * @param {Stage} stage
   * @param {Pick<Brush, "startAtPointer" | "extendToPointer" | "end" | "cancel">} brush
   */
  constructor(store, stage, brush) {
    this.#store = store;
    this.#stage = stage;
    this.#brush = brush;
    const { element } = stage;
    element.addEventListener("pointerdown", (event) => this.#handleDown(event));
    element.addEventListener("pointermove", (event) => this.#handleMove(event));
    element.addEventListener("pointerup", (event) => this.#handleUp(event));
    element.addEventListener("pointercancel", (event) => this.#handleUp(event));
    element.addEventListener("wheel", (event) => this.#handleWheel(event), { passive: false });
    // A drag that ends on an outline is not a click on it.
    element.addEventListener("click", (event) => this.#isDrag && event.stopPropagation(), {
      capture: true,
    });
  }

  /** @param {PointerEvent} event */
  #handleDown(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest(".zoom")) return;
    this.#pointers.set(event.pointerId, this.#stage.toStage(event));
    if (this.#pointers.size === 2) {
      if (this.#action === "paint") this.#brush.cancel();
      this.#action = "pinch";
    } else if (this.#pointers.size === 1) this.#handleFirst(event);
  }

  /** @param {PointerEvent} event */
  #handleFirst(event) {
    this.#isDrag = false;
    const isPaint = this.#store.get().mode === "brush" && event.button === 0;
    this.#action = isPaint ? "paint" : "press";
    if (!isPaint) return;
    this.#stage.element.setPointerCapture(event.pointerId);
    this.#brush.startAtPointer(event);
  }

  /** @param {PointerEvent} event */
  #handleMove(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    if (this.#action === "paint") this.#brush.extendToPointer(event);
    else if (this.#action === "pinch" && this.#pointers.size === 2) this.#pinch(event);
    else if (this.#action === "press") this.#pan(event, before);
  }

  /** @param {PointerEvent} event */
  #handleUp(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#action === "paint") this.#brush.end();
    this.#stage.element.classList.remove("panning");
    if (this.#pointers.size === 0) this.#action = "none";
    else if (this.#action === "paint") this.#action = "press";
  }

  /** Return the point between two fingers, and the distance of the two. */
  #measurePinch() {
    const [a, b] = [...this.#pointers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, distance: Math.hypot(a.x - b.x, a.y - b.y) };
  }

  /** @param {PointerEvent} event */
  #pinch(event) {
    const before = this.#measurePinch();
    this.#pointers.set(event.pointerId, this.#stage.toStage(event));
    const after = this.#measurePinch();
    this.#stage.panBy(after.x - before.x, after.y - before.y);
    if (before.distance > 0) this.#stage.zoomAt(after.distance / before.distance, after.x, after.y);
  }

  /** @param {PointerEvent} event @param {Position} before */
  #pan(event, before) {
    const now = this.#stage.toStage(event);
    if (!this.#isDrag && Math.hypot(now.x - before.x, now.y - before.y) < DRAG_PX) return;
    if (!this.#isDrag) this.#stage.element.setPointerCapture(event.pointerId);
    this.#isDrag = true;
    this.#stage.element.classList.add("panning");
    this.#stage.panBy(now.x - before.x, now.y - before.y);
    this.#pointers.set(event.pointerId, now);
  }

  /** @param {WheelEvent} event */
  #handleWheel(event) {
    event.preventDefault();
    const { x, y } = this.#stage.toStage(event);
    const isInLines = event.deltaMode === WheelEvent.DOM_DELTA_LINE;
    const pixels = isInLines ? event.deltaY * LINE_PX : event.deltaY;
    this.#stage.zoomAt(Math.exp(-pixels * ZOOM_PER_PX), x, y);
  }
}
