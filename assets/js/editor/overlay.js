/** Outlines and names of the detected objects, on the picture. */
import { createElement, createSvgElement, getElement } from "../dom.js";
import { formatPercent } from "../format.js";
import {
  getDetectionsInEdits,
  getPlacedDetections,
  sortByConfidence,
  toggleTick,
} from "./store.js";

/** @import { PlacedDetection, Point } from "../api-types.js" */
/** @import { Store } from "./types.js" */

/** A name closer to the picture's upper edge than this share stands below its object. */
const EDGE_SHARE = 0.04;

/**
 * Return the polygons of a detection: its outline, or its box.
 * @param {Pick<PlacedDetection, "outline" | "box">} detection
 * @returns {Point[][]}
 */
export function getPolygons({ outline, box }) {
  if (outline.length) return outline;
  const { x, y, width, height } = box;
  const [right, bottom] = [x + width, y + height];
  return [
    [
      [x, y],
      [right, y],
      [right, bottom],
      [x, bottom],
    ],
  ];
}

/**
 * Draw polygons as one layer of an outline.
 * @param {"fill" | "halo" | "edge"} name class of the polygons
 * @param {Point[][]} polygons
 */
function drawLayer(name, polygons) {
  const children = polygons.map((points) =>
    createSvgElement("polygon", { class: name, points: points.map(String).join(" ") }),
  );
  return createSvgElement("g", name === "fill" ? { class: "fills" } : {}, ...children);
}

/**
 * @param {Store} store
 * @param {PlacedDetection} detection
 */
function drawOutline(store, detection) {
  const { id, shadow } = detection;
  const polygons = getPolygons(detection);
  const group = createSvgElement(
    "g",
    { class: "outline", "data-detection": id },
    createSvgElement(
      "g",
      { class: "shadow" },
      drawLayer("halo", shadow),
      drawLayer("edge", shadow),
    ),
    drawLayer("fill", polygons),
    drawLayer("halo", polygons),
    drawLayer("edge", polygons),
  );
  if (store.get().photo?.can_edit) group.addEventListener("click", () => toggleTick(store, id));
  group.addEventListener("pointerenter", () => store.set({ hovered: id }));
  group.addEventListener("pointerleave", () => store.set({ hovered: null }));
  return group;
}

/** @param {DOMRect} a @param {DOMRect} b */
const overlap = (a, b) =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

/**
 * Keep the names inside the picture, and hide each that would overlap an earlier one.
 * @param {HTMLElement} container of the names, the most certain first
 */
function hideOverlapping(container) {
  /** @type {DOMRect[]} */
  const shown = [];
  const edge = container.getBoundingClientRect().right;
  for (const chip of /** @type {Iterable<HTMLElement>} */ (container.children)) {
    chip.classList.remove("chip-crowded");
    chip.style.marginLeft = "0";
    chip.style.marginLeft = `${Math.min(0, edge - chip.getBoundingClientRect().right)}px`;
    const box = chip.getBoundingClientRect();
    const isCrowded = shown.some((other) => overlap(box, other));
    chip.classList.toggle("chip-crowded", isCrowded);
    if (!isCrowded) shown.push(box);
  }
}

/**
 * Draw the name of a detection at its highest point.
 * @param {PlacedDetection} detection
 * @param {{width: number, height: number}} photo
 */
function drawChip(detection, photo) {
  const points = getPolygons(detection).flat();
  const [left, top] = points.reduce((highest, point) => (point[1] < highest[1] ? point : highest));
  const text = `${detection.label} ${formatPercent(detection.confidence)}`;
  const chip = createElement("span", { class: "chip", "data-detection": detection.id }, text);
  chip.style.left = `${(100 * left) / photo.width}%`;
  chip.style.top = `${(100 * top) / photo.height}%`;
  chip.classList.toggle("chip-below", top < photo.height * EDGE_SHARE);
  return chip;
}

/**
 * @param {Store} store
 * @param {HTMLElement} stage
 */
export function mountOverlay(store, stage) {
  const outlines = getElement("stage-outlines", SVGSVGElement);
  const chips = getElement("stage-chips");

  store.on(["photo", "detections"], ({ photo, detections }) => {
    if (!photo) return;
    outlines.setAttribute("viewBox", `0 0 ${photo.width} ${photo.height}`);
    const shown = getPlacedDetections({ detections });
    // The smallest ones come last: they lie on top and can be clicked.
    const bySize = [...shown].sort(
      (a, b) => b.box.width * b.box.height - a.box.width * a.box.height,
    );
    outlines.replaceChildren(...bySize.map((detection) => drawOutline(store, detection)));
    chips.replaceChildren(
      ...sortByConfidence(shown).map((detection) => drawChip(detection, photo)),
    );
    outlines.classList.toggle("look-only", !photo.can_edit);
    hideOverlapping(chips);
  });
  store.on(["photo", "detections", "ticked", "hovered", "edits"], (state) => {
    const inEdits = getDetectionsInEdits(state);
    const nodes = /** @type {(HTMLElement | SVGElement)[]} */ ([
      ...outlines.children,
      ...chips.children,
    ]);
    for (const node of nodes) {
      const id = node.dataset.detection || "";
      const prefix = node.classList.contains("chip") ? "chip-" : "";
      node.classList.toggle(`${prefix}ticked`, state.ticked.has(id));
      node.classList.toggle(`${prefix}hovered`, state.hovered === id);
      node.classList.toggle("leaving", inEdits.has(id));
    }
  });
  store.on(["shadows"], ({ shadows }) => outlines.classList.toggle("without-shadows", !shadows));
  stage.addEventListener("view", () => hideOverlapping(chips));
}
