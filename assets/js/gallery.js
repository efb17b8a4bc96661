/** The grid of photos: loads page after page, and refreshes the photos with unfinished edits. */
import { get, getMessage, hasStatus, toSameOrigin } from "./api.js";
import { createElement, getElement, showPicture } from "./dom.js";
import { formatCount, formatDay } from "./format.js";

/** @import { Photo } from "./api-types.js" */

const REFRESH_MS = 4000;

/** @param {Photo} photo */
function createCard(photo) {
  const image = createElement("img", { alt: "", loading: "lazy", decoding: "async" });
  showPicture(image, photo.current.thumbnail);
  const edits = formatCount(photo.unfinished_edits, "edit");
  const badge =
    photo.unfinished_edits > 0 && createElement("span", { class: "card-work" }, `${edits} at work`);
  const about = `${formatDay(photo.created_at)} · ${photo.width}\u00a0×\u00a0${photo.height}`;
  const link = createElement(
    "a",
    { class: "card", href: `/photos/${photo.id}/` },
    createElement("span", { class: "card-picture" }, image, badge),
    createElement("span", { class: "card-title" }, photo.title || photo.filename || "Untitled"),
    createElement("span", { class: "card-about" }, about),
  );
  return createElement(
    "li",
    { "data-photo": photo.id, "data-unfinished": photo.unfinished_edits },
    link,
  );
}

export class Gallery {
  #grid = getElement("photo-grid");
  #state = getElement("grid-state");
  #more = getElement("grid-more", HTMLButtonElement);
  /** @type {string | null} */
  #next;

  /** @param {{album?: string}} [options] show this album only */
  constructor({ album } = {}) {
    this.#next = album ? `photos/?album=${encodeURIComponent(album)}` : "photos/";
    this.#more.addEventListener("click", () => this.load());
    setInterval(() => this.#refreshUnfinished(), REFRESH_MS);
  }

  /** Add the next page of photos. */
  async load() {
    if (!this.#next) return;
    this.#more.disabled = true;
    try {
      /** @type {{results: Photo[], next: string | null}} */
      const page = await get(this.#next);
      const fresh = page.results.filter(
        ({ id }) => !this.#grid.querySelector(`[data-photo="${id}"]`),
      );
      this.#grid.append(...fresh.map(createCard));
      this.#next = page.next && toSameOrigin(page.next);
      this.#state.textContent = "";
      this.#more.hidden = !this.#next;
      this.#showEmpty();
    } catch (error) {
      this.#state.textContent = `The photos could not be loaded. ${getMessage(error)}`;
      this.#more.hidden = false;
    } finally {
      this.#more.disabled = false;
    }
  }

  /** @param {Photo} photo is shown first */
  add(photo) {
    const item = createCard(photo);
    item.firstElementChild?.classList.add("card-new");
    this.#grid.prepend(item);
    this.#showEmpty();
  }

  #showEmpty() {
    getElement("grid-empty").hidden = this.#grid.children.length > 0;
  }

  /** @param {HTMLElement} item */
  async #refresh(item) {
    try {
      /** @type {Photo} */
      const photo = await get(`photos/${item.dataset.photo}/`);
      if (String(photo.unfinished_edits) !== item.dataset.unfinished)
        item.replaceWith(createCard(photo));
    } catch (error) {
      // After any other error, the next refresh tries again.
      if (hasStatus(error, 404)) item.remove();
    }
  }

  async #refreshUnfinished() {
    if (document.hidden) return;
    /** @type {NodeListOf<HTMLElement>} */
    const items = this.#grid.querySelectorAll('li:not([data-unfinished="0"])');
    for (const item of items) await this.#refresh(item);
  }
}
