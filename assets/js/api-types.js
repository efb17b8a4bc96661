/**
 * Types of the API's responses, as far as the pages use them.
 *
 * @typedef {"owner" | "editor" | "viewer"} Role
 *
 * @typedef {{id: string, name: string, role: Role, is_default: boolean}} Album
 *
 * @typedef {{id: string, email: string, role: Role}} Member
 *
 * @typedef {object} ShareLink
 * @property {string} id
 * @property {string | null} photo
 * @property {string} url
 * @property {boolean} always_newest
 * @property {string | null} expires_at
 *
 * @typedef {object} ApiToken
 * @property {string} id
 * @property {string} name
 * @property {string[]} scopes
 * @property {string | null} expires_at
 * @property {string | null} last_used_at
 *
 * @typedef {object} Example a photo of the example library
 * @property {string} id
 * @property {string} title
 * @property {string} thumbnail
 * @property {number} width
 * @property {number} height
 * @property {string} credit
 * @property {string} licence
 *
 * @typedef {object} RevisionLink
 * @property {string} id
 * @property {number} number
 * @property {string} thumbnail
 * @property {string} preview
 * @property {string} download
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
 * @property {Role} role in its album
 * @property {boolean} can_edit
 * @property {string} original
 * @property {RevisionLink} current
 * @property {RevisionLink} original_revision
 * @property {boolean} can_undo
 * @property {boolean} can_redo
 * @property {number} unfinished_edits
 *
 * @typedef {[number, number]} Point x and y in pixels of the photo
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box in pixels of the photo
 *
 * @typedef {object} Detection
 * @property {string} id
 * @property {string} label
 * @property {string[]} parents
 * @property {number} confidence 0..1
 * @property {Box | null} box null if the detector gave no place
 * @property {Point[][]} outline polygons: exactly the pixels that will be removed
 * @property {"u2net" | "deeplab" | "grabcut" | "box" | null} outline_method
 * @property {Point[][]} shadow polygons: removed too if the edit includes shadows
 * @property {boolean} removed
 *
 * @typedef {Detection & {box: Box}} PlacedDetection
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
 * @property {string | null} edit
 * @property {string} created_at
 * @property {boolean} is_current
 * @property {string} thumbnail
 *
 * @typedef {{name: string, title: string, available: boolean, optional: boolean,
 *   reason: string}} Inpainter
 *
 * @typedef {{name: string, available: boolean, reason: string}} DetectorInfo
 *
 * @typedef {{
 *   inpainters: Inpainter[], default_inpainter: string,
 *   detector: DetectorInfo, detectors: DetectorInfo[],
 * }} Engines
 *
 * @typedef {object} UploadPart how to send one part of a file to the storage
 * @property {string} method
 * @property {string} url
 * @property {number} offset in bytes
 * @property {number} length in bytes
 * @property {Record<string, string>} fields of the form; empty if the part is the request's body
 * @property {Record<string, string>} headers
 */

export {};
