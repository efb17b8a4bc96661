/**
 * Types that the editor's modules share.
 *
 * @import { Detection, Edit, Engines, Photo, Point, Revision } from "../api-types.js"
 *
 * @typedef {{points: Point[], size: number, erase: boolean}} Stroke `size` in pixels of the photo
 *
 * @typedef {{state: string | null, error: {message: string} | null}} DetectionRun
 *
 * @typedef {"objects" | "brush" | "compare"} Mode
 *
 * @typedef {object} EditorState
 * @property {Photo | null} photo
 * @property {Detection[]} detections
 * @property {DetectionRun} detectionRun
 * @property {Edit[]} edits newest first
 * @property {Revision[]} revisions newest first
 * @property {Engines | null} engines
 * @property {string | null} inpainter
 * @property {ReadonlySet<string>} ticked ids of detections
 * @property {string | null} hovered id of a detection
 * @property {Mode} mode
 * @property {readonly Stroke[]} strokes
 * @property {number} brushSize in pixels of the photo
 * @property {boolean} erasing
 * @property {boolean} shadows whether objects are removed with their shadows
 * @property {boolean} sending
 *
 * @typedef {object} Store
 * @property {() => EditorState} get
 * @property {(change: Partial<EditorState>) => void} set
 * @property {(keys: (keyof EditorState)[], run: (state: EditorState) => void) => void} on
 *   calls `run` now, and again when one of `keys` changes
 */

export {};
