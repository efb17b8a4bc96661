/** The brush: strokes by pointer or keyboard, on a canvas over the picture. */
import { byId } from "../dom.js";
import { drawStroke, drawStrokes } from "./strokes.js";

const COLOUR = "#ff2468";
const CANVAS_SIDE = 2048;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {import("./types.js").Store} store
 * @param {ReturnType<typeof import("./stage.js").createStage>} stage
 */
export function createBrush(store, stage) {
  const canvas = byId("stage-brush");
  const context = canvas.getContext("2d");
  let stroke = null;

  function redraw() {
    const { photo, strokes } = store.get();
    if (!photo) return;
    const scale = Math.min(1, CANVAS_SIDE / Math.max(photo.width, photo.height));
    canvas.width = Math.round(photo.width * scale);
    canvas.height = Math.round(photo.height * scale);
    context.setTransform(canvas.width / photo.width, 0, 0, canvas.height / photo.height, 0, 0);
    drawStrokes(context, strokes, COLOUR);
    if (stroke) drawStroke(context, stroke, COLOUR);
  }
  function start(point) {
    const { brushSize, erasing } = store.get();
    stroke = { points: [point], size: brushSize, erase: erasing };
    drawStroke(context, stroke, COLOUR);
  }
  function extend(point) {
    if (!stroke) return;
    const last = stroke.points[stroke.points.length - 1];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 0.5) return;
    stroke.points.push(point);
    drawStroke(context, { ...stroke, points: [last, point] }, COLOUR);
  }
  function end() {
    if (!stroke) return;
    const done = stroke;
    stroke = null;
    store.set({ strokes: [...store.get().strokes, done] });
  }
  function abort() {
    stroke = null;
    redraw();
  }

  store.on(["strokes", "photo"], redraw);
  const ring = mountRing(store, stage);
  mountKeys({ store, canvas, ring, start, extend, end });
  return {
    begin: (event) => start(stage.toPhoto(event)),
    move(event) {
      for (const part of event.getCoalescedEvents?.() || []) extend(stage.toPhoto(part));
      extend(stage.toPhoto(event));
    },
    end,
    abort,
  };
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
function mountKeys({ store, canvas, ring, start, extend, end }) {
  let down = false;
  const middle = () => [store.get().photo.width / 2, store.get().photo.height / 2];

  canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && !ring.at() && ring.moveTo(middle()));
  canvas.addEventListener("blur", () => {
    if (down) end();
    down = false;
  });
  canvas.addEventListener("keydown", (event) => {
    const point = ring.at() || middle();
    if (event.key === " ") {
      if (down) end();
      else start(point);
      down = !down;
    } else if (event.key in STEPS) {
      const [dx, dy] = STEPS[event.key];
      const far = Math.max(1, (store.get().brushSize / 4) * (event.shiftKey ? 6 : 1));
      const { width, height } = store.get().photo;
      const next = [Math.min(width, Math.max(0, point[0] + dx * far)), Math.min(height, Math.max(0, point[1] + dy * far))];
      ring.moveTo(next);
      if (down) extend(next);
    } else return;
    event.preventDefault();
  });
  store.on(["mode"], ({ mode }) => {
    canvas.tabIndex = mode === "brush" ? 0 : -1;
  });
}
