/** Objects, brush or compare: one at a time. */
import { byId } from "../dom.js";
import { mountCompare } from "../compare.js";

/**
 * @param {import("./types.js").Store} store
 */
export function mountModes(store) {
  const editor = byId("editor");
  const toggle = byId("compare-toggle");
  let before = "objects";
  const press = (button, on) => button.setAttribute("aria-pressed", String(on));
  const choose = (mode) => store.set({ mode });

  byId("mode-objects").addEventListener("click", () => choose("objects"));
  byId("mode-brush").addEventListener("click", () => choose("brush"));
  toggle.addEventListener("click", () => {
    const { mode } = store.get();
    if (mode !== "compare") before = mode;
    choose(mode === "compare" ? before : "compare");
    if (mode !== "compare") byId("stage-compare").querySelector(".compare-handle").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && store.get().mode === "compare") choose(before);
  });
  store.on(["mode"], ({ mode }) => {
    editor.dataset.mode = mode;
    press(byId("mode-objects"), mode === "objects");
    press(byId("mode-brush"), mode === "brush");
    press(toggle, mode === "compare");
    byId("brush-tools").hidden = mode !== "brush";
    byId("objects").hidden = mode === "brush";
  });
  mountPictures(store, toggle);
}

/** The two pictures under the line. */
function mountPictures(store, toggle) {
  const box = byId("stage-compare");
  const [after, before] = box.querySelectorAll("img");
  mountCompare(box);
  store.on(["photo", "mode"], ({ photo, mode }) => {
    if (!photo) return;
    const same = photo.current.id === photo.original_revision.id;
    toggle.disabled = same;
    toggle.title = same ? "Nothing has been removed yet" : "Compare with the original";
    if (same && mode === "compare") return store.set({ mode: "objects" });
    box.hidden = mode !== "compare";
    if (box.hidden) return;
    if (before.getAttribute("src") !== photo.original_revision.preview) before.src = photo.original_revision.preview;
    if (after.getAttribute("src") !== photo.current.preview) after.src = photo.current.preview;
  });
}
