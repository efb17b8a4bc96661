/** The picture in its window: fits it, zooms, moves, and swaps in a new revision without a flash. */
import { byId } from "../dom.js";
import { percent } from "../format.js";

const MARGIN = 14;
const MAX_ZOOM = 4;
const STEP = 1.4;
const TRIES = 8;

/** @param {string} address */
async function decoded(address) {
  for (let attempt = 1; ; attempt += 1) {
    const image = new Image();
    image.src = address;
    try {
      await image.decode();
      return;
    } catch (error) {
      if (attempt === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 400 * attempt));
    }
  }
}

/**
 * @param {import("./types.js").Store} store
 */
export function createStage(store) {
  const stage = byId("stage");
  const holder = byId("stage-view");
  const view = { scale: 1, x: 0, y: 0 };
  let fitted = true;
  let sized = "";

  const photo = () => store.get().photo;
  const fitScale = () => Math.min((stage.clientWidth - 2 * MARGIN) / photo().width, (stage.clientHeight - 2 * MARGIN) / photo().height);

  /** Keep the picture in the middle where it is smaller than the window, and reachable where it is larger. */
  function clamp(offset, length, room) {
    if (length <= room) return (room - length) / 2;
    return Math.min(MARGIN, Math.max(room - length - MARGIN, offset));
  }
  function apply() {
    const width = photo().width * view.scale;
    const height = photo().height * view.scale;
    view.x = clamp(view.x, width, stage.clientWidth);
    view.y = clamp(view.y, height, stage.clientHeight);
    Object.assign(holder.style, { width: `${width}px`, height: `${height}px`, transform: `translate(${view.x}px, ${view.y}px)` });
    byId("zoom-value").textContent = percent(view.scale);
    stage.classList.toggle("zoomed", !fitted);
    stage.dispatchEvent(new Event("view"));
  }
  function fit() {
    fitted = true;
    view.scale = Math.max(0.01, fitScale());
    apply();
  }
  /** Zoom so that the point of the window at (x, y) stays where it is. */
  function zoomAt(factor, x, y) {
    const least = Math.min(1, fitScale());
    const scale = Math.min(MAX_ZOOM, Math.max(least, view.scale * factor));
    view.x = x - ((x - view.x) * scale) / view.scale;
    view.y = y - ((y - view.y) * scale) / view.scale;
    view.scale = scale;
    fitted = scale <= fitScale() * 1.001;
    apply();
  }
  const zoomMiddle = (factor) => zoomAt(factor, stage.clientWidth / 2, stage.clientHeight / 2);
  function panBy(dx, dy) {
    view.x += dx;
    view.y += dy;
    apply();
  }
  function inStage(event) {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
  /** @returns {[number, number]} in pixels of the photo */
  function toPhoto(event) {
    const { x, y } = inStage(event);
    return [(x - view.x) / view.scale, (y - view.y) / view.scale];
  }

  byId("zoom-in").addEventListener("click", () => zoomMiddle(STEP));
  byId("zoom-out").addEventListener("click", () => zoomMiddle(1 / STEP));
  byId("zoom-fit").addEventListener("click", fit);
  new ResizeObserver(() => photo() && (fitted ? fit() : apply())).observe(stage);
  store.on(["photo"], ({ photo: shown }) => {
    if (!shown || sized === shown.id) return;
    sized = shown.id;
    holder.hidden = false;
    fit();
  });
  mountPicture(store);
  return { element: stage, view, zoomAt, panBy, inStage, toPhoto };
}

/**
 * @param {import("./types.js").Store} store
 */
function mountPicture(store) {
  const image = byId("stage-photo");
  const state = byId("stage-state");
  let wanted = "";
  store.on(["photo"], async ({ photo }) => {
    if (!photo || wanted === photo.current.preview) return;
    const address = photo.current.preview;
    wanted = address;
    try {
      await decoded(address);
      if (wanted !== address) return;
      image.src = address;
      image.alt = photo.title || photo.filename;
      state.textContent = "";
    } catch {
      if (wanted === address) state.textContent = "The picture could not be loaded. Reload the page to try again.";
    }
  });
}
