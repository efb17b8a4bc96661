/** The list of detected objects with check boxes, and the state of the detection. */
import { createElement, getElement } from "../dom.js";
import { formatPercent, joinWords } from "../format.js";
import { mountDetectAgain } from "./detect-again.js";
import {
  getDetectionsInEdits,
  getPlacedDetections,
  nameDetections,
  sortByConfidence,
  toggleTick,
} from "./store.js";

/** @import { Detection } from "../api-types.js" */
/** @import { EditorData } from "./data.js" */
/** @import { EditorState, Store } from "./types.js" */

/**
 * Describe the state of the detection.
 * @param {EditorState} state
 * @returns {string} empty if there are objects to show
 */
export function describeDetection(state) {
  const { state: runState, error } = state.detectionRun;
  const canEdit = state.photo?.can_edit;
  if (runState === "queued") return "Waiting to look for objects…";
  if (runState === "running") return "Looking for objects…";
  if (runState === "failed") {
    const advice = canEdit ? " You can still paint with the brush." : "";
    return `Objects could not be looked for. ${error?.message || ""}${advice}`;
  }
  if (runState === "cancelled") return "Looking for objects was stopped.";
  if (!runState) return "Objects have not been looked for yet.";
  if (getPlacedDetections(state).length) return "";
  if (state.detections.some(({ removed }) => removed)) return "Everything that was found is gone.";
  return canEdit
    ? "No objects were found. Paint over what should go with the brush."
    : "No objects were found.";
}

/**
 * @param {Detection} detection
 * @param {boolean} canTick
 * @param {boolean} isInEdit
 */
function getNote({ outline_method: method }, canTick, isInEdit) {
  if (isInEdit) return "is being removed";
  return canTick && method === "box" ? "no outline found: this rectangle goes" : "";
}

/**
 * Create the row of an object, with a check box for people who may edit.
 * @param {Store} store
 * @param {Detection} detection
 * @param {string} name
 * @param {boolean} isInEdit whether an unfinished edit removes it
 */
function createRow(store, detection, name, isInEdit) {
  const canTick = Boolean(store.get().photo?.can_edit);
  const box =
    canTick &&
    createElement("input", {
      type: "checkbox",
      checked: store.get().ticked.has(detection.id),
      disabled: isInEdit,
      onchange: () => toggleTick(store, detection.id),
    });
  const note = getNote(detection, canTick, isInEdit);
  const confidence = formatPercent(detection.confidence);
  const item = createElement(
    canTick ? "label" : "div",
    { class: isInEdit ? "object leaving" : "object" },
    box,
    createElement("span", { class: "object-label" }, name),
    createElement(
      "span",
      { class: "object-confidence", title: "How sure the detector is" },
      confidence,
    ),
    note && createElement("small", {}, note),
  );
  const enter = () => store.set({ hovered: detection.id });
  const leave = () => store.set({ hovered: null });
  const listeners = {
    onpointerenter: enter,
    onpointerleave: leave,
    onfocusin: enter,
    onfocusout: leave,
  };
  return createElement("li", { "data-detection": detection.id, ...listeners }, item);
}

/**
 * Describe the detections that have no box.
 * @param {Pick<EditorState, "detections">} state
 * @returns {string} empty if there are none
 */
export function describeUnplaced({ detections }) {
  const words = detections
    .filter(({ box }) => !box)
    .map(({ label, confidence }) => `${label} (${formatPercent(confidence)})`);
  return words.length ? `Also seen, but without a place: ${joinWords(words)}.` : "";
}

/**
 * Show the rows; the focus stays on the row that had it.
 * @param {Store} store
 * @param {HTMLElement} list
 * @param {EditorState} state
 */
function showRows(store, list, state) {
  if (!state.photo) return;
  const focused = document.activeElement
    ?.closest("#objects-list li")
    ?.getAttribute("data-detection");
  const shown = sortByConfidence(getPlacedDetections(state));
  const names = nameDetections(shown);
  const inEdits = getDetectionsInEdits(state);
  const rows = shown.map((detection) => {
    const name = names.get(detection.id) || detection.label;
    return createRow(store, detection, name, inEdits.has(detection.id));
  });
  list.replaceChildren(...rows);
  if (focused) {
    /** @type {HTMLElement | null} */ (
      list.querySelector(`[data-detection="${focused}"] input`)
    )?.focus();
  }
  const hasShadows = shown.some(({ shadow }) => shadow.length);
  getElement("shadows-choice").hidden = !state.photo.can_edit || !hasShadows;
  const unplaced = describeUnplaced(state);
  getElement("objects-elsewhere").textContent = unplaced;
  getElement("objects-elsewhere").hidden = !unplaced;
}

/**
 * Mark the rows that are ticked, and the row under the pointer.
 * @param {HTMLElement} list
 * @param {EditorState} state
 */
function updateRows(list, { ticked, hovered }) {
  for (const item of /** @type {Iterable<HTMLElement>} */ (list.children)) {
    const id = item.dataset.detection || "";
    const box = item.querySelector("input");
    if (box) box.checked = ticked.has(id);
    item.firstElementChild?.classList.toggle("hovered", hovered === id);
  }
}

/**
 * @param {Store} store
 * @param {EditorData} data
 * @param {() => void} wake starts the polling
 */
export function mountObjects(store, data, wake) {
  const list = getElement("objects-list");
  const text = getElement("objects-state");
  const shadows = getElement("shadows-too", HTMLInputElement);

  store.on(["photo"], ({ photo }) => {
    getElement("choose-part").hidden = !photo;
    getElement("choose-title").textContent = photo?.can_edit ? "What should go?" : "What was found";
  });
  store.on(["photo", "detections", "edits"], (state) => showRows(store, list, state));
  store.on(["photo", "detections", "detectionRun"], (state) => {
    text.textContent = describeDetection(state);
    text.classList.toggle("failed", state.detectionRun.state === "failed");
  });
  store.on(["ticked", "hovered"], (state) => updateRows(list, state));
  store.on(["shadows"], (state) => {
    shadows.checked = state.shadows;
  });
  shadows.addEventListener("change", () => store.set({ shadows: shadows.checked }));
  mountDetectAgain(store, data, wake);
}
