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

/** Where a picture of `length` may begin in a window of `room`: in the middle, or so that its ends can be reached. */
function clamp(offset, length, room) {
  if (length <= room) return (room - length) / 2;
  return Math.min(MARGIN, Math.max(room - length - MARGIN, offset));
}

/** The window on the picture; it sends a `view` event to its element when it moves. */
export class Stage {
  #store;
  #holder = byId("stage-view");
  #fitted = true;

  element = byId("stage");
  /** Window pixels per pixel of the photo, and where the photo's corner lies in the window. */
  view = { scale: 1, x: 0, y: 0 };

  /** @param {import("./types.js").Store} store */
  constructor(store) {
    this.#store = store;
    byId("zoom-in").addEventListener("click", () => this.#zoomMiddle(STEP));
    byId("zoom-out").addEventListener("click", () => this.#zoomMiddle(1 / STEP));
    byId("zoom-fit").addEventListener("click", () => this.fit());
    new ResizeObserver(() => this.#photo && this.#resized()).observe(this.element);
    store.on(["photo"], ({ photo }) => {
      if (!photo || !this.#holder.hidden) return;
      this.#holder.hidden = false;
      this.fit();
    });
    mountPicture(store);
  }

  get #photo() {
    return this.#store.get().photo;
  }

  get #fitScale() {
    const { width, height } = this.#photo;
    return Math.max(0.01, Math.min((this.element.clientWidth - 2 * MARGIN) / width, (this.element.clientHeight - 2 * MARGIN) / height));
  }

  #resized() {
    if (this.#fitted) this.fit();
    else this.#apply();
  }

  #apply() {
    const { view, element } = this;
    const width = this.#photo.width * view.scale;
    const height = this.#photo.height * view.scale;
    view.x = clamp(view.x, width, element.clientWidth);
    view.y = clamp(view.y, height, element.clientHeight);
    Object.assign(this.#holder.style, { width: `${width}px`, height: `${height}px`, transform: `translate(${view.x}px, ${view.y}px)` });
    byId("zoom-value").textContent = percent(view.scale);
    element.classList.toggle("zoomed", !this.#fitted);
    element.dispatchEvent(new Event("view"));
  }

  #zoomMiddle(factor) {
    this.zoomAt(factor, this.element.clientWidth / 2, this.element.clientHeight / 2);
  }

  /** Show the whole picture. */
  fit() {
    this.#fitted = true;
    this.view.scale = this.#fitScale;
    this.#apply();
  }

  /**
   * Zoom so that the point (x, y) of the window stays where it is.
   * @param {number} factor
   * @param {number} x
   * @param {number} y
   */
  zoomAt(factor, x, y) {
    const { view } = this;
    const fit = this.#fitScale;
    const scale = Math.min(MAX_ZOOM, Math.max(Math.min(1, fit), view.scale * factor));
    view.x = x - ((x - view.x) * scale) / view.scale;
    view.y = y - ((y - view.y) * scale) / view.scale;
    view.scale = scale;
    this.#fitted = scale <= fit * 1.001;
    this.#apply();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  panBy(dx, dy) {
    this.view.x += dx;
    this.view.y += dy;
    this.#apply();
  }

  /**
   * @param {PointerEvent | WheelEvent} event
   * @returns {{x: number, y: number}} in the window's pixels
   */
  inStage(event) {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /**
   * @param {PointerEvent} event
   * @returns {[number, number]} in pixels of the photo
   */
  toPhoto(event) {
    const { x, y } = this.inStage(event);
    return [(x - this.view.x) / this.view.scale, (y - this.view.y) / this.view.scale];
  }
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
