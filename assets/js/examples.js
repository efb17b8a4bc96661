/** The dialog of example photos, each with its credit. */
import { getAll, getMessage, post } from "./api.js";
import { makeClosable } from "./dialog.js";
import { createElement, getElement, showPicture } from "./dom.js";

/** @import { Example, Photo } from "./api-types.js" */

/**
 * @param {Example} example
 * @param {(button: HTMLButtonElement) => void} onPick
 */
function createItem(example, onPick) {
  const image = createElement("img", { alt: "", loading: "lazy" });
  showPicture(image, example.thumbnail);
  const button = createElement(
    "button",
    { type: "button", "data-example": example.id, onclick: () => onPick(button) },
    image,
    createElement("strong", {}, example.title),
    createElement("small", {}, `${example.width} × ${example.height}`),
    createElement("small", {}, [example.credit, example.licence].filter(Boolean).join(" · ")),
  );
  return createElement("li", {}, button);
}

/**
 * Run now and on every later change if the page's URL has this hash, and remove the hash.
 * @param {string} hash
 * @param {() => void} run
 */
function onHash(hash, run) {
  const check = () => {
    if (location.hash !== hash) return;
    history.replaceState(null, "", location.pathname + location.search);
    run();
  };
  window.addEventListener("hashchange", check);
  check();
}

/** @param {{album?: string, onPhoto: (photo: Photo) => void}} options */
export function mountExamples({ album, onPhoto }) {
  const dialog = getElement("examples-dialog", HTMLDialogElement);
  const list = getElement("examples-list");
  const state = getElement("examples-state");
  let isLoaded = false;

  /** @param {Example} example @param {HTMLButtonElement} button */
  async function pick({ id, title }, button) {
    button.disabled = true;
    state.textContent = `Adding “${title}”…`;
    try {
      onPhoto(await post("photos/", album ? { example: id, album } : { example: id }));
      dialog.close();
      state.textContent = "";
    } catch (error) {
      state.textContent = getMessage(error);
    } finally {
      button.disabled = false;
    }
  }

  async function open() {
    dialog.showModal();
    if (isLoaded) return;
    try {
      /** @type {Example[]} */
      const examples = await getAll("examples/");
      list.replaceChildren(
        ...examples.map((example) => createItem(example, (button) => pick(example, button))),
      );
      state.textContent = examples.length ? "" : "No examples are installed on this server.";
      isLoaded = true;
    } catch (error) {
      state.textContent = `The examples could not be loaded. ${getMessage(error)}`;
    }
  }

  makeClosable(dialog);
  getElement("open-examples").addEventListener("click", open);
  onHash("#examples", () => {
    if (!dialog.open) open();
  });
}
