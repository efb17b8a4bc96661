/** The grid of photos: loads page after page, and keeps the cards of photos at work fresh. */
import { get, sameOrigin } from "./api.js";
import { byId, el, showPicture } from "./dom.js";
import { day, plural } from "./format.js";
import { toastError } from "./toast.js";

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
      el("span", { class: "card-about" }, `${day(photo.created_at)} · ${photo.width} × ${photo.height}`),
    ),
  );
}

/**
 * @param {{album?: string}} options show this album only
 * @returns {{load: () => Promise<void>, add: (photo: any) => void}}
 */
export function createGallery({ album } = {}) {
  const grid = byId("photo-grid");
  const state = byId("grid-state");
  const more = byId("grid-more");
  const empty = byId("grid-empty");
  let next = album ? `photos/?album=${encodeURIComponent(album)}` : "photos/";

  const showEmpty = () => {
    empty.hidden = grid.children.length > 0;
  };
  const place = (photo) => grid.querySelector(`[data-photo="${photo.id}"]`);

  async function load() {
    more.disabled = true;
    try {
      const page = await get(next);
      grid.append(...page.results.filter((photo) => !place(photo)).map(card));
      next = page.next && sameOrigin(page.next);
      state.textContent = "";
      more.hidden = !next;
      showEmpty();
    } catch (error) {
      state.textContent = `The photos could not be loaded. ${error.message}`;
      more.hidden = false;
    } finally {
      more.disabled = false;
    }
  }

  function add(photo) {
    const item = card(photo);
    item.firstElementChild.classList.add("card-new");
    grid.prepend(item);
    showEmpty();
  }

  async function refreshAtWork() {
    if (document.hidden) return;
    for (const item of grid.querySelectorAll('li:not([data-unfinished="0"])')) {
      const photo = await get(`photos/${item.dataset.photo}/`);
      if (String(photo.unfinished_edits) !== item.dataset.unfinished) item.replaceWith(card(photo));
    }
  }

  more.addEventListener("click", load);
  setInterval(() => refreshAtWork().catch(toastError), REFRESH_MS);
  return { load, add };
}
