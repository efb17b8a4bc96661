/** Outlines and names of the detected objects, on the picture. */
import { byId, el, svg } from "../dom.js";
import { percent } from "../format.js";
import { leaving, placed, toggleTick } from "./store.js";

/** @typedef {import("./types.js").Detection} Detection */

/**
 * @param {Detection} detection
 * @returns {[number, number][][]} its outline, or its rectangle
 */
function shapes({ outline, box }) {
  if (outline.length) return outline;
  const { x, y, width, height } = box;
  return [[[x, y], [x + width, y], [x + width, y + height], [x, y + height]]];
}

/**
 * @param {import("./types.js").Store} store
 * @param {Detection} detection
 * @returns {SVGElement}
 */
function drawOutline(store, detection) {
  const layer = (name, rings = shapes(detection)) => {
    const polygons = rings.map((points) => svg("polygon", { points: points.map((point) => point.join(",")).join(" ") }));
    const group = svg("g");
    for (const polygon of polygons) polygon.setAttribute("class", name);
    group.append(...polygons);
    if (name === "fill") group.setAttribute("class", "fills");
    return group;
  };
  const shadow = svg("g", { class: "shadow" }, layer("halo", detection.shadow), layer("edge", detection.shadow));
  const group = svg("g", { class: "outline", "data-detection": detection.id }, shadow, layer("fill"), layer("halo"), layer("edge"));
  if (store.get().photo.can_edit) group.addEventListener("click", () => toggleTick(store, detection.id));
  group.addEventListener("pointerenter", () => store.set({ hovered: detection.id }));
  group.addEventListener("pointerleave", () => store.set({ hovered: null }));
  return group;
}

/** Keep names inside the picture, and hide those that would lie upon one another; the surest ones stay. */
function thinOut(holder) {
  const taken = [];
  const edge = holder.getBoundingClientRect().right;
  for (const chip of holder.children) {
    chip.classList.remove("chip-crowded");
    chip.style.marginLeft = "0";
    chip.style.marginLeft = `${Math.min(0, edge - chip.getBoundingClientRect().right)}px`;
    const box = chip.getBoundingClientRect();
    const crowded = taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top);
    chip.classList.toggle("chip-crowded", crowded);
    if (!crowded) taken.push(box);
  }
}

/**
 * @param {Detection} detection
 * @param {{width: number, height: number}} photo
 * @returns {HTMLElement}
 */
function drawChip(detection, photo) {
  const points = shapes(detection).flat();
  const [left, top] = points.reduce((highest, point) => (point[1] < highest[1] ? point : highest));
  const chip = el("span", { class: "chip", "data-detection": detection.id }, `${detection.label} ${percent(detection.confidence)}`);
  chip.style.left = `${(100 * left) / photo.width}%`;
  chip.style.top = `${(100 * top) / photo.height}%`;
  chip.classList.toggle("chip-below", top < photo.height * 0.04);
  return chip;
}

/**
 * @param {import("./types.js").Store} store
 * @param {HTMLElement} stage
 */
export function mountOverlay(store, stage) {
  const outlines = byId("stage-outlines");
  const chips = byId("stage-chips");

  store.on(["photo", "detections"], (state) => {
    if (!state.photo) return;
    outlines.setAttribute("viewBox", `0 0 ${state.photo.width} ${state.photo.height}`);
    const shown = placed(state);
    const bySize = [...shown].sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
    const bySureness = [...shown].sort((a, b) => b.confidence - a.confidence);
    outlines.replaceChildren(...bySize.map((detection) => drawOutline(store, detection)));
    chips.replaceChildren(...bySureness.map((detection) => drawChip(detection, state.photo)));
    outlines.classList.toggle("look-only", !state.photo.can_edit);
    thinOut(chips);
  });
  store.on(["photo", "detections", "ticked", "hovered", "edits"], (state) => {
    const going = leaving(state);
    for (const node of [...outlines.children, ...chips.children]) {
      const id = node.dataset.detection;
      const chip = node.classList.contains("chip") ? "chip-" : "";
      node.classList.toggle(`${chip}ticked`, state.ticked.has(id));
      node.classList.toggle(`${chip}hovered`, state.hovered === id);
      node.classList.toggle("leaving", going.has(id));
    }
  });
  store.on(["shadows"], ({ shadows }) => outlines.classList.toggle("without-shadows", !shadows));
  stage.addEventListener("view", () => thinOut(chips));
}
