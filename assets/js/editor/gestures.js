/** Pointers on the stage: paint with one, pinch and move with two, zoom with the wheel. */

const DRAG_PX = 5;

/**
 * @param {import("./types.js").Store} store
 * @param {ReturnType<typeof import("./stage.js").createStage>} stage
 * @param {{begin: (event: PointerEvent) => void, move: (event: PointerEvent) => void, end: () => void, abort: () => void}} brush
 */
export function mountGestures(store, stage, brush) {
  const pointers = new Map();
  let action = "none";
  let dragged = false;

  const paints = (event) => store.get().mode === "brush" && event.button === 0;
  const middle = () => {
    const [a, b] = [...pointers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread: Math.hypot(a.x - b.x, a.y - b.y) };
  };

  function down(event) {
    if (event.target.closest(".zoom")) return;
    pointers.set(event.pointerId, stage.inStage(event));
    if (pointers.size === 2) {
      if (action === "paint") brush.abort();
      action = "pinch";
    } else if (pointers.size === 1) {
      dragged = false;
      action = paints(event) ? "paint" : "press";
      if (action === "paint") {
        stage.element.setPointerCapture(event.pointerId);
        brush.begin(event);
      }
    }
  }
  function pinch(event) {
    const before = middle();
    pointers.set(event.pointerId, stage.inStage(event));
    const after = middle();
    stage.panBy(after.x - before.x, after.y - before.y);
    if (before.spread > 0) stage.zoomAt(after.spread / before.spread, after.x, after.y);
  }
  function pan(event) {
    const before = pointers.get(event.pointerId);
    const now = stage.inStage(event);
    if (!dragged && Math.hypot(now.x - before.x, now.y - before.y) < DRAG_PX) return;
    if (!dragged) stage.element.setPointerCapture(event.pointerId);
    dragged = true;
    stage.element.classList.add("panning");
    stage.panBy(now.x - before.x, now.y - before.y);
    pointers.set(event.pointerId, now);
  }
  function move(event) {
    if (!pointers.has(event.pointerId)) return;
    if (action === "paint") brush.move(event);
    else if (action === "pinch" && pointers.size === 2) pinch(event);
    else if (action === "press") pan(event);
  }
  function up(event) {
    if (!pointers.delete(event.pointerId)) return;
    if (action === "paint") brush.end();
    stage.element.classList.remove("panning");
    if (pointers.size === 0) action = "none";
    else if (action === "paint") action = "press";
  }
  function wheel(event) {
    event.preventDefault();
    const { x, y } = stage.inStage(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
    stage.zoomAt(Math.exp(-lines * 0.0022), x, y);
  }

  const target = stage.element;
  target.addEventListener("pointerdown", down);
  target.addEventListener("pointermove", move);
  target.addEventListener("pointerup", up);
  target.addEventListener("pointercancel", up);
  target.addEventListener("wheel", wheel, { passive: false });
  // A drag that ends on an outline is no click on it.
  target.addEventListener("click", (event) => dragged && event.stopPropagation(), { capture: true });
}
