/**
 * What the editor's modules share; the first five are as the API gives them.
 *
 * @typedef {{id: string, number: number, thumbnail: string, preview: string, download: string}} RevisionLink
 *
 * @typedef {object} Photo
 * @property {string} id
 * @property {string} title
 * @property {string} filename
 * @property {string} album
 * @property {string} format
 * @property {number} width
 * @property {number} height
 * @property {number} bytes
 * @property {string} created_at
 * @property {string} credit
 * @property {string[]} notes
 * @property {"owner" | "editor" | "viewer"} role in its album
 * @property {boolean} can_edit
 * @property {string} original
 * @property {RevisionLink} current
 * @property {RevisionLink} original_revision
 * @property {boolean} can_undo
 * @property {boolean} can_redo
 *
 * @typedef {object} Detection
 * @property {string} id
 * @property {string} label
 * @property {string[]} parents
 * @property {number} confidence 0..1
 * @property {{x: number, y: number, width: number, height: number} | null} box in pixels of the photo
 * @property {[number, number][][]} outline polygons: exactly what goes
 * @property {"deeplab" | "grabcut" | "box" | null} outline_method
 * @property {[number, number][][]} shadow polygons: goes too where shadows are to go
 * @property {boolean} removed
 *
 * @typedef {object} Edit
 * @property {string} id
 * @property {"queued" | "running" | "succeeded" | "failed" | "cancelled"} state
 * @property {number} progress 0..1
 * @property {string} label
 * @property {string | null} base_edit
 * @property {string | null} mask
 * @property {string[]} detections
 * @property {number | null} queue_position
 * @property {string | null} revision
 * @property {boolean} is_branch
 * @property {{code: string, message: string, permanent: boolean} | null} error
 * @property {boolean} cancel_requested
 *
 * @typedef {object} Revision
 * @property {string} id
 * @property {number} number
 * @property {string | null} parent
 * @property {string} label
 * @property {string} created_at
 * @property {boolean} is_current
 * @property {string} thumbnail
 *
 * @typedef {{inpainters: {name: string, title: string, available: boolean, reason: string}[], default_inpainter: string}} Engines
 *
 * @typedef {{points: [number, number][], size: number, erase: boolean}} Stroke in pixels of the photo
 *
 * @typedef {object} EditorState
 * @property {Photo | null} photo
 * @property {Detection[]} detections
 * @property {{state: string | null, error: {message: string} | null}} detectionRun
 * @property {Edit[]} edits newest first
 * @property {Revision[]} revisions newest first
 * @property {Engines | null} engines
 * @property {string | null} inpainter
 * @property {ReadonlySet<string>} ticked ids of detections
 * @property {string | null} hovered id of a detection
 * @property {"objects" | "brush" | "compare"} mode
 * @property {readonly Stroke[]} strokes
 * @property {number} brushSize in pixels of the photo
 * @property {boolean} erasing
 * @property {boolean} shadows whether objects go with their shadows
 * @property {boolean} sending
 *
 * @typedef {import("./store.js").Store} Store
 */

export {};
