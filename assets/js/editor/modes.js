/** Objects, brush or compare: one at a time. */
import { mountCompare } from "../compare.js";
import { getElement } from "../dom.js";

/** @import { Mode, Store } from "./types.js" */

/** @param {HTMLElement} button @param {boolean} isPressed */
const setPressed = (button, isPressed) => button.setAttribute("aria-pressed", String(isPressed));

/** @param {Store} store */
export function mountModes(store) {
  const toggle = getElement("compare-toggle", HTMLButtonElement);
  /** @type {Mode} */
  let previous = "objects";
  /** @param {Mode} mode */
  const setMode = (mode) => store.set({ mode });

  getElement("mode-objects").addEventListener("click", () => setMode("objects"));
  getElement("mode-brush").addEventListener("click", () => setMode("brush"));
  toggle.addEventListener("click", () => {
    const { mode } = store.get();
    if (mode === "compare") return setMode(previous);
    previous = mode;
    setMode("compare");
    /** @type {HTMLElement | null} */ (
      getElement("stage-compare").querySelector(".compare-handle")
    )?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && store.get().mode === "compare") setMode(previous);
  });
  store.on(["mode"], ({ mode }) => {
    getElement("editor").dataset.mode = mode;
    setPressed(getElement("mode-objects"), mode === "objects");
    setPressed(getElement("mode-brush"), mode === "brush");
    setPressed(toggle, mode === "compare");
    getElement("brush-tools").hidden = mode !== "brush";
    getElement("objects").hidden = mode === "brush";
  });
  mountPictures(store, toggle);
}

/**
 * Show the original and the current picture in the comparison.
 * @param {Store} store
 * @param {HTMLButtonElement} toggle
 */
function mountPictures(store, toggle) {
  const box = getElement("stage-compare");
  const [after, before] = box.querySelectorAll("img");
  /** @param {HTMLImageElement} image @param {string} url */
  const setSource = (image, url) => {
    if (image.getAttribute("src") !== url) image.src = url;
  };
  mountCompare(box);
  store.on(["photo", "mode"], ({ photo, mode }) => {
    if (!photo) return;
    const isOriginal = photo.current.id === photo.original_revision.id;
    toggle.disabled = isOriginal;
    toggle.title = isOriginal ? "Nothing has been removed yet" : "Compare with the original";
    if (isOriginal && mode === "compare") return store.set({ mode: "objects" });
    box.hidden = mode !== "compare";
    if (box.hidden) return;
    setSource(before, photo.original_revision.preview);
    setSource(after, photo.current.preview);
  });
}
