/** The picker of example photos, each with its credit. */
import { getAll, post } from "./api.js";
import { closable } from "./dialog.js";
import { byId, el, showPicture } from "./dom.js";

/**
 * @param {any} example
 * @param {(button: HTMLButtonElement) => void} pick
 * @returns {HTMLElement}
 */
function item(example, pick) {
  const image = el("img", { alt: "", loading: "lazy" });
  showPicture(image, example.thumbnail);
  const button = el(
    "button",
    { type: "button", "data-example": example.id, onclick: () => pick(button) },
    image,
    el("strong", {}, example.title),
    el("small", {}, `${example.width} × ${example.height}`),
    el("small", {}, [example.credit, example.licence].filter(Boolean).join(" · ")),
  );
  return el("li", {}, button);
}

/** Run when the page's address gets or has `hash`, and take it away again. */
function onAddress(hash, run) {
  const look = () => {
    if (location.hash !== hash) return;
    history.replaceState(null, "", location.pathname + location.search);
    run();
  };
  window.addEventListener("hashchange", look);
  look();
}

/**
 * @param {{album?: string, onPhoto: (photo: any) => void}} options
 */
export function mountExamples({ album, onPhoto }) {
  const dialog = byId("examples-dialog");
  const list = byId("examples-list");
  const state = byId("examples-state");
  let loaded = false;

  async function pick(example, button) {
    button.disabled = true;
    state.textContent = `Adding “${example.title}”…`;
    try {
      onPhoto(await post("photos/", album ? { example: example.id, album } : { example: example.id }));
      dialog.close();
      state.textContent = "";
    } catch (error) {
      state.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  }

  async function open() {
    dialog.showModal();
    if (loaded) return;
    try {
      const examples = await getAll("examples/");
      list.replaceChildren(...examples.map((example) => item(example, (button) => pick(example, button))));
      state.textContent = examples.length ? "" : "No examples are installed on this server.";
      loaded = true;
    } catch (error) {
      state.textContent = `The examples could not be loaded. ${error.message}`;
    }
  }

  closable(dialog);
  byId("open-examples").addEventListener("click", open);
  onAddress("#examples", () => dialog.open || open());
}
