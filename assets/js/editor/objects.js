/** The list of detected objects, with check boxes; and the state of the detection. */
import { post } from "../api.js";
import { byId, el } from "../dom.js";
import { listing, percent } from "../format.js";
import { toastError } from "../toast.js";
import { leaving, placed, toggleTick } from "./store.js";

/** @typedef {import("./types.js").Detection} Detection */
/** @typedef {import("./types.js").EditorState} EditorState */

/**
 * Names for people: objects of the same kind get a number.
 * @param {Detection[]} detections
 * @returns {Map<string, string>} id to name
 */
export function names(detections) {
  const counts = {};
  for (const { label } of detections) counts[label] = (counts[label] || 0) + 1;
  const seen = {};
  return new Map(
    detections.map(({ id, label }) => {
      seen[label] = (seen[label] || 0) + 1;
      return [id, counts[label] > 1 ? `${label} ${seen[label]}` : label];
    }),
  );
}

/** @param {EditorState} state */
function stateText(state) {
  const run = state.detectionRun;
  const mayPaint = state.photo?.can_edit;
  if (run.state === "queued") return "Waiting to look for objects…";
  if (run.state === "running") return "Looking for objects…";
  if (run.state === "failed") return `Objects could not be looked for. ${run.error?.message || ""}${mayPaint ? " You can still paint with the brush." : ""}`;
  if (run.state === "cancelled") return "Looking for objects was stopped.";
  if (!run.state) return "Objects have not been looked for yet.";
  if (placed(state).length) return "";
  const removed = state.detections.some((detection) => detection.removed);
  if (removed) return "Everything that was found is gone.";
  return mayPaint ? "No objects were found. Paint over what should go with the brush." : "No objects were found.";
}

/**
 * @param {import("./types.js").Store} store
 * @param {Detection} detection
 * @param {string} name
 * @param {boolean} going
 * @returns {HTMLElement} with a check box for those who may edit
 */
function row(store, detection, name, going) {
  const mayTick = store.get().photo.can_edit;
  const box = mayTick && el("input", { type: "checkbox", checked: store.get().ticked.has(detection.id), disabled: going, onchange: () => toggleTick(store, detection.id) });
  const note = going ? "is being removed" : mayTick && detection.outline_method === "box" && "no outline found: this rectangle goes";
  const item = el(
    mayTick ? "label" : "div",
    { class: going ? "object leaving" : "object" },
    box,
    el("span", { class: "object-label" }, name),
    el("span", { class: "object-confidence", title: "How sure the detector is" }, percent(detection.confidence)),
    note && el("small", {}, note),
  );
  const enter = () => store.set({ hovered: detection.id });
  const leave = () => store.set({ hovered: null });
  return el("li", { "data-detection": detection.id, onpointerenter: enter, onpointerleave: leave, onfocusin: enter, onfocusout: leave }, item);
}

/** @param {EditorState} state */
function elsewhere(state) {
  const labels = state.detections.filter((detection) => !detection.box);
  const words = labels.map(({ label, confidence }) => `${label} (${percent(confidence)})`);
  return words.length ? `Also seen, but without a place: ${listing(words)}.` : "";
}

async function detectAgain(button, data, wake) {
  button.disabled = true;
  try {
    await post(`${data.path}detections/`);
    await data.loadDetections();
    wake();
  } catch (error) {
    toastError(error);
  } finally {
    button.disabled = false;
  }
}

/** @param {EditorState} state */
function mayDetectAgain({ photo, detectionRun: { state }, detections }) {
  return photo?.can_edit && (!state || state === "failed" || state === "cancelled" || (state === "succeeded" && !detections.length));
}

/**
 * @param {import("./types.js").Store} store
 * @param {ReturnType<typeof import("./data.js").createData>} data
 * @param {() => void} wake
 */
export function mountObjects(store, data, wake) {
  const list = byId("objects-list");
  const text = byId("objects-state");
  const again = byId("detect-again");
  const shadows = byId("shadows-too");

  store.on(["photo"], ({ photo }) => {
    byId("choose-part").hidden = !photo;
    byId("choose-title").textContent = photo?.can_edit ? "What should go?" : "What was found";
  });
  store.on(["photo", "detections", "edits"], (state) => {
    if (!state.photo) return;
    const focused = document.activeElement?.closest("#objects-list li")?.getAttribute("data-detection");
    const shown = [...placed(state)].sort((a, b) => b.confidence - a.confidence);
    const called = names(shown);
    const going = leaving(state);
    list.replaceChildren(...shown.map((detection) => row(store, detection, called.get(detection.id), going.has(detection.id))));
    if (focused) list.querySelector(`[data-detection="${focused}"] input`)?.focus();
    const others = elsewhere(state);
    byId("shadows-choice").hidden = !state.photo.can_edit || !shown.some((detection) => detection.shadow.length);
    byId("objects-elsewhere").textContent = others;
    byId("objects-elsewhere").hidden = !others;
  });
  store.on(["photo", "detections", "detectionRun"], (state) => {
    text.textContent = stateText(state);
    text.classList.toggle("failed", state.detectionRun.state === "failed");
    again.hidden = !mayDetectAgain(state);
  });
  store.on(["ticked", "hovered"], ({ ticked, hovered }) => {
    for (const item of list.children) {
      const box = item.querySelector("input");
      if (box) box.checked = ticked.has(item.dataset.detection);
      item.firstElementChild.classList.toggle("hovered", hovered === item.dataset.detection);
    }
  });
  store.on(["shadows"], (state) => {
    shadows.checked = state.shadows;
  });
  shadows.addEventListener("change", () => store.set({ shadows: shadows.checked }));
  again.addEventListener("click", () => detectAgain(again, data, wake));
}
