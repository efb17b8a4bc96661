/** Detections, edits and states for the tests. */

/** @import { Detection, Edit, Photo, Revision } from "../../assets/js/api-types.js" */

/**
 * @param {Partial<Detection>} [fields]
 * @returns {Detection}
 */
export const buildDetection = (fields = {}) => ({
  id: "d1",
  label: "dog",
  parents: [],
  confidence: 0.9,
  box: { x: 10, y: 20, width: 30, height: 40 },
  outline: [],
  outline_method: null,
  shadow: [],
  removed: false,
  ...fields,
});

/**
 * @param {Partial<Edit>} [fields]
 * @returns {Edit}
 */
export const buildEdit = (fields = {}) => ({
  id: "e1",
  state: "queued",
  progress: 0,
  label: "Removed dog",
  base_edit: null,
  mask: null,
  detections: [],
  queue_position: null,
  revision: null,
  is_branch: false,
  error: null,
  cancel_requested: false,
  ...fields,
});

/**
 * @param {Partial<Revision>} [fields]
 * @returns {Revision}
 */
export const buildRevision = (fields = {}) => ({
  id: "r0",
  number: 0,
  parent: null,
  label: "",
  edit: null,
  created_at: "2024-05-01T12:00:00Z",
  is_current: false,
  thumbnail: "",
  ...fields,
});

/**
 * @param {Partial<Photo>} [fields]
 * @returns {Photo}
 */
export const buildPhoto = (fields = {}) =>
  /** @type {Photo} */ ({ id: "p1", width: 400, height: 300, can_edit: true, ...fields });
