/** The line between before and after: dragged by pointer, moved by keys. */

/** @type {Record<string, number>} */
const STEPS = {
  ArrowLeft: -2,
  ArrowDown: -2,
  ArrowRight: 2,
  ArrowUp: 2,
  PageDown: -20,
  PageUp: 20,
};

/** @param {HTMLElement} root an element like `.compare` in the templates */
export function mountCompare(root) {
  const handle = /** @type {HTMLElement} */ (root.querySelector(".compare-handle"));
  let split = 50;

  /** @param {number} value in percent of the width */
  const show = (value) => {
    split = Math.min(100, Math.max(0, value));
    root.style.setProperty("--split", `${split}%`);
    handle.setAttribute("aria-valuenow", String(Math.round(split)));
    handle.setAttribute("aria-valuetext", `${Math.round(split)} % before`);
  };
  /** @param {PointerEvent} event */
  const follow = (event) => {
    const box = root.getBoundingClientRect();
    show(((event.clientX - box.left) / box.width) * 100);
  };

  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    root.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    follow(event);
  });
  root.addEventListener("pointermove", (event) => {
    if (root.hasPointerCapture(event.pointerId)) follow(event);
  });
  handle.addEventListener("keydown", (event) => {
    if (event.key in STEPS) show(split + STEPS[event.key]);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(100);
    else return;
    event.preventDefault();
  });
  show(50);
}
