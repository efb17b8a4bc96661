/** The request to look for objects again, with another detector or another least confidence. */
import { post } from "../api.js";
import { createElement, getElement } from "../dom.js";
import { showError } from "../toast.js";
import { getPlacedDetections } from "./store.js";

/** @import { DetectorInfo } from "../api-types.js" */
/** @import { EditorData } from "./data.js" */
/** @import { EditorState, Store } from "./types.js" */

/** @type {Record<string, string>} */
const TITLES = { local: "this server’s detector", rekognition: "Amazon Rekognition" };

/** @param {EditorState} state */
export function canDetectAgain({ photo, detectionRun: { state } }) {
  return Boolean(photo?.can_edit) && state !== "queued" && state !== "running";
}

/**
 * Build the body of the request.
 * @param {string} detector
 * @param {string} confidence 0 to 1; empty for the detector's own
 */
export function buildRequest(detector, confidence) {
  return { detector, min_confidence: confidence === "" ? null : Number(confidence) };
}

/**
 * Offer the detectors that this server can use, if there is a choice.
 * @param {HTMLSelectElement} select
 * @param {DetectorInfo[]} detectors
 * @param {string} usual
 */
function showDetectors(select, detectors, usual) {
  const available = detectors.filter((detector) => detector.available);
  select.replaceChildren(
    ...available.map(({ name }) => createElement("option", { value: name }, TITLES[name] || name)),
  );
  if (available.some(({ name }) => name === usual)) select.value = usual;
  getElement("detector-choice").hidden = available.length < 2;
}

/**
 * @param {Store} store
 * @param {EditorData} data
 * @param {() => void} wake starts the polling
 */
export function mountDetectAgain(store, data, wake) {
  const part = getElement("detect-again-part", HTMLDetailsElement);
  const button = getElement("detect-again", HTMLButtonElement);
  const detector = getElement("detector", HTMLSelectElement);
  const confidence = getElement("least-confidence", HTMLSelectElement);

  store.on(["engines"], ({ engines }) => {
    if (engines) showDetectors(detector, engines.detectors, engines.detector.name);
  });
  store.on(["photo", "detections", "detectionRun"], (state) => {
    part.hidden = !canDetectAgain(state);
    const hasEnded = !part.hidden && Boolean(state.detectionRun.state);
    if (hasEnded && !getPlacedDetections(state).length) part.open = true;
  });
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await post(`${data.path}detections/`, buildRequest(detector.value, confidence.value));
      await data.loadDetections();
      part.open = false;
      wake();
    } catch (error) {
      showError(error);
    } finally {
      button.disabled = false;
    }
  });
}
