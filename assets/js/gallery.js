/** The grid of photos: loads page after page, and keeps the cards of photos at work fresh. */
import { get, sameOrigin } from "./api.js";
import { byId, el, showPicture } from "./dom.js";
import { day, plural } from "./format.js";

const REFRESH_MS = 4000;

/**
 * @param {any} photo as the API gives it
 * @returns {HTMLElement}
 */
function card(photo) {
  const image = el("img", { alt: "", loading: "lazy", decoding: "async" });
  showPicture(image, photo.current.thumbnail);
  const work = photo.unfinished_edits > 0 && el("span", { class: "card-work" }, `${plural(photo.unfinished_edits, "edit")} at work`);
  return el(
    "li",
    { "data-photo": photo.id, "data-unfinished": photo.unfinished_edits },
    el(
      "a",
      { class: "card", href: `/photos/${photo.id}/` },
      el("span", { class: "card-picture" }, image, work),
      el("span", { class: "card-title" }, photo.title || photo.filename || "Untitled"),
      el("span", { class: "card-about" }, `${day(photo.created_at)} · ${photo.width}\u00a0×\u00a0${photo.height}`),
    ),
  );
}

export class Gallery {
  #grid = byId("photo-grid");
  #state = byId("grid-state");
  #more = byId("grid-more");
  /** @type {string} */
  #next;

  /** @param {{album?: string}} [options] show this album only */
  constructor({ album } = {}) {
    this.#next = album ? `photos/?album=${encodeURIComponent(album)}` : "photos/";
    this.#more.addEventListener("click", () => this.load());
    setInterval(() => this.#refreshAtWork(), REFRESH_MS);
  }

  /** Add the next page of photos. */
  async load() {
    this.#more.disabled = true;
    try {
      const page = await get(this.#next);
      const fresh = page.results.filter((photo) => !this.#grid.querySelector(`[data-photo="${photo.id}"]`));
      this.#grid.append(...fresh.map(card));
      this.#next = page.next && sameOrigin(page.next);
      this.#state.textContent = "";
      this.#more.hidden = !this.#next;
      this.#showEmpty();
    } catch (error) {
      this.#state.textContent = `The photos could not be loaded. ${error.message}`;
      this.#more.hidden = false;
    } finally {
      this.#more.disabled = false;
    }
  }

  /** @param {any} photo to show in the first place */
  add(photo) {
    const item = card(photo);
    item.firstElementChild.classList.add("card-new");
    this.#grid.prepend(item);
    this.#showEmpty();
  }

  #showEmpty() {
    byId("grid-empty").hidden = this.#grid.children.length > 0;
  }

  async #refresh(item) {
    try {
      const photo = await get(`photos/${item.dataset.photo}/`);
      if (String(photo.unfinished_edits) !== item.dataset.unfinished) item.replaceWith(card(photo));
    } catch (error) {
      // Whatever else it is, the next round tries again.
      if (error.status === 404) item.remove();
    }
  }

  async #refreshAtWork() {
    if (document.hidden) return;
    for (const item of this.#grid.querySelectorAll('li:not([data-unfinished="0"])')) {
      await this.#refresh(item);
    }
  }
}
