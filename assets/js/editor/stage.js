/** The picture in its window: fits it, zooms, moves, and replaces it without a flash. */
import { getElement } from "../dom.js";
import { formatPercent } from "../format.js";
import { clampOffset, computeFitScale, zoomView } from "./view.js";

/** @import { Photo, Point } from "../api-types.js" */
/** @import { Store } from "./types.js" */
/** @import { View } from "./view.js" */

const ZOOM_STEP = 1.4;
const ATTEMPTS = 8;
const FIT_TOLERANCE = 1.001;

/**
 * Load and decode a picture, so that it can be shown at once. Throw the last error if the server
 * has not rendered it after several attempts.
 * @param {string} url
 */
async function preload(url) {
  for (let attempt = 1; ; attempt += 1) {
    const image = new Image();
    image.src = url;
    try {
      await image.decode();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 400 * attempt));
    }
  }
}

/** The window on the picture. Its element gets a `view` event when the picture moves. */
export class Stage {
  #store;
  #holder = getElement("stage-view");
  #isFit = true;

  element = getElement("stage");
  /** @type {View} */
  view = { scale: 1, x: 0, y: 0 };

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
    getElement("zoom-in").addEventListener("click", () => this.#zoomCentre(ZOOM_STEP));
    getElement("zoom-out").addEventListener("click", () => this.#zoomCentre(1 / ZOOM_STEP));
    getElement("zoom-fit").addEventListener("click", () => this.fit());
    new ResizeObserver(() => this.#handleResize()).observe(this.element);
    store.on(["photo"], ({ photo }) => {
      if (!photo || !this.#holder.hidden) return;
      this.#holder.hidden = false;
      this.fit();
    });
    mountPicture(store);
  }

  /** Only called when there is a photo: before, the stage shows nothing that could be moved. */
  get #photo() {
    return /** @type {Photo} */ (this.#store.get().photo);
  }

  get #fitScale() {
    const { clientWidth: width, clientHeight: height } = this.element;
    return computeFitScale(this.#photo, { width, height });
  }

  #handleResize() {
    if (!this.#photo) return;
    if (this.#isFit) this.fit();
    else this.#apply();
  }

  #apply() {
    const { view, element } = this;
    const width = this.#photo.width * view.scale;
    const height = this.#photo.height * view.scale;
    view.x = clampOffset(view.x, width, element.clientWidth);
    view.y = clampOffset(view.y, height, element.clientHeight);
    const transform = `translate(${view.x}px, ${view.y}px)`;
    Object.assign(this.#holder.style, { width: `${width}px`, height: `${height}px`, transform });
    getElement("zoom-value").textContent = formatPercent(view.scale);
    element.classList.toggle("zoomed", !this.#isFit);
    element.dispatchEvent(new Event("view"));
  }

  /** @param {number} factor */
  #zoomCentre(factor) {
    this.zoomAt(factor, this.element.clientWidth / 2, this.element.clientHeight / 2);
  }

  /** Show the whole picture. */
  fit() {
    this.#isFit = true;
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
    const fitScale = this.#fitScale;
    this.view = zoomView(this.view, factor, x, y, fitScale);
    this.#isFit = this.view.scale <= fitScale * FIT_TOLERANCE;
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
   * Return where the pointer is in the window.
   * @param {PointerEvent | WheelEvent} event
   * @returns {{x: number, y: number}}
   */
  toStage(event) {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /**
   * Return where the pointer is in the photo.
   * @param {PointerEvent} event
   * @returns {Point}
   */
  toPhoto(event) {
    const { x, y } = this.toStage(event);
    return [(x - this.view.x) / this.view.scale, (y - this.view.y) / this.view.scale];
  }
}

/**
 * Show the current picture once it is loaded. If it changes meanwhile, only the last one is shown.
 * @param {Store} store
 */
function mountPicture(store) {
  const image = getElement("stage-photo", HTMLImageElement);
  const state = getElement("stage-state");
  let latest = "";
  store.on(["photo"], async ({ photo }) => {
    if (!photo || latest === photo.current.preview) return;
    const url = photo.current.preview;
    latest = url;
    try {
      await preload(url);
      if (latest !== url) return;
      image.src = url;
      image.alt = photo.title || photo.filename;
      state.textContent = "";
    } catch {
      if (latest === url) {
        state.textContent = "The picture could not be loaded. Reload the page to try again.";
      }
    }
  });
}
