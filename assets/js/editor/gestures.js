/** Pointers on the stage: paint with one, pinch and move with two, zoom with the wheel. */

const DRAG_PX = 5;
const LINE_PX = 16;
const ZOOM_PER_PX = 0.0022;

/** @typedef {{begin: (event: PointerEvent) => void, move: (event: PointerEvent) => void, end: () => void, abort: () => void}} Painter */

export class Gestures {
  #store;
  #stage;
  #brush;
  #pointers = new Map();
  /** @type {"none" | "paint" | "press" | "pinch"} */
  #action = "none";
  #dragged = false;

  /**
   * @param {import("./types.js").Store} store
   * @param {import("./stage.js").Stage} stage
   * @param {Painter} brush
   */
  constructor(store, stage, brush) {
    this.#store = store;
    this.#stage = stage;
    this.#brush = brush;
    const target = stage.element;
    target.addEventListener("pointerdown", (event) => this.#down(event));
    target.addEventListener("pointermove", (event) => this.#move(event));
    target.addEventListener("pointerup", (event) => this.#up(event));
    target.addEventListener("pointercancel", (event) => this.#up(event));
    target.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    // A drag that ends on an outline is no click on it.
    target.addEventListener("click", (event) => this.#dragged && event.stopPropagation(), { capture: true });
  }

  #down(event) {
    if (event.target.closest(".zoom")) return;
    this.#pointers.set(event.pointerId, this.#stage.inStage(event));
    if (this.#pointers.size === 2) {
      if (this.#action === "paint") this.#brush.abort();
      this.#action = "pinch";
    } else if (this.#pointers.size === 1) this.#first(event);
  }

  #first(event) {
    this.#dragged = false;
    this.#action = this.#store.get().mode === "brush" && event.button === 0 ? "paint" : "press";
    if (this.#action !== "paint") return;
    this.#stage.element.setPointerCapture(event.pointerId);
    this.#brush.begin(event);
  }

  #move(event) {
    if (!this.#pointers.has(event.pointerId)) return;
    if (this.#action === "paint") this.#brush.move(event);
    else if (this.#action === "pinch" && this.#pointers.size === 2) this.#pinch(event);
    else if (this.#action === "press") this.#pan(event);
  }

  #up(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#action === "paint") this.#brush.end();
    this.#stage.element.classList.remove("panning");
    this.#action = this.#pointers.size === 0 ? "none" : this.#action === "paint" ? "press" : this.#action;
  }

  #middle() {
    const [a, b] = [...this.#pointers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread: Math.hypot(a.x - b.x, a.y - b.y) };
  }

  #pinch(event) {
    const before = this.#middle();
    this.#pointers.set(event.pointerId, this.#stage.inStage(event));
    const after = this.#middle();
    this.#stage.panBy(after.x - before.x, after.y - before.y);
    if (before.spread > 0) this.#stage.zoomAt(after.spread / before.spread, after.x, after.y);
  }

  #pan(event) {
    const before = this.#pointers.get(event.pointerId);
    const now = this.#stage.inStage(event);
    if (!this.#dragged && Math.hypot(now.x - before.x, now.y - before.y) < DRAG_PX) return;
    if (!this.#dragged) this.#stage.element.setPointerCapture(event.pointerId);
    this.#dragged = true;
    this.#stage.element.classList.add("panning");
    this.#stage.panBy(now.x - before.x, now.y - before.y);
    this.#pointers.set(event.pointerId, now);
  }

  #wheel(event) {
    event.preventDefault();
    const { x, y } = this.#stage.inStage(event);
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_PX : event.deltaY;
    this.#stage.zoomAt(Math.exp(-pixels * ZOOM_PER_PX), x, y);
  }
}
