/** The upload of one file: created by the API, sent part by part to the storage, stored as a photo. */
import { ApiError, destroy, get, hasStatus, post, request } from "./api.js";
import { isTemporary, retry } from "./retry.js";
import { sendPart } from "./upload-part.js";

/** @import { Photo, UploadPart } from "./api-types.js" */

/** Every server refuses larger files, so no checksum is needed for them. */
const MAX_HASHED_BYTES = 128 * 2 ** 20;

/**
 * @typedef {object} UploadListener
 * @property {(share: number) => void} showProgress
 * @property {() => void} showChecking
 * @property {(error: unknown) => void} showPaused
 */

/**
 * Read a file or a part of it. Throw an `Error` for people if the browser cannot.
 * @param {Blob} blob
 * @returns {Promise<ArrayBuffer>}
 */
async function readBytes(blob) {
  try {
    return await blob.arrayBuffer();
  } catch {
    throw new Error(
      "This file can't be read: it is a folder, or it was changed or moved. Choose it again.",
    );
  }
}

/**
 * Compute the file's SHA-256.
 * @param {File} file
 * @returns {Promise<string | undefined>} in hex; undefined where the browser has no `crypto.subtle`,
 *   which needs https or localhost
 */
async function computeSha256(file) {
  if (!crypto.subtle || file.size > MAX_HASHED_BYTES) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await readBytes(file)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Return whether the upload can be resumed later, because the file did not cause the error.
 * @param {unknown} error
 * @returns {boolean}
 */
export function isResumable(error) {
  return isTemporary(error) || hasStatus(error, 401, 429);
}

export class DirectUpload {
  #file;
  #album;
  #id = "";
  #controller = new AbortController();

  /**
   * @param {File} file
   * @param {string} [album]
   */
  constructor(file, album) {
    this.#file = file;
    this.#album = album;
  }

  /**
   * Send what is missing and store the photo. After a resumable error, call it again to resume.
   * @param {UploadListener} listener
   * @returns {Promise<Photo>}
   */
  async run(listener) {
    const { signal } = this.#controller;
    /** @param {ApiError} error */
    const onPause = (error) => listener.showPaused(error);
    try {
      return await retry((reset) => this.#attempt(listener, reset), { signal, onPause });
    } catch (error) {
      if (!isResumable(error)) this.#discard();
      throw error;
    }
  }

  /** Stop, and delete what has arrived. */
  cancel() {
    this.#controller.abort();
    this.#discard();
  }

  /**
   * @param {UploadListener} listener
   * @param {() => void} resetRetries called after each part, because the upload advances
   */
  async #attempt(listener, resetRetries) {
    const { signal } = this.#controller;
    const parts = await this.#loadMissingParts();
    let sent = this.#file.size - parts.reduce((sum, part) => sum + part.length, 0);
    /** @param {number} bytes of the current part */
    const onProgress = (bytes) => listener.showProgress((sent + bytes) / this.#file.size);
    onProgress(0);
    for (const part of parts) {
      const bytes = await readBytes(this.#file.slice(part.offset, part.offset + part.length));
      await sendPart(part, new Blob([bytes]), { signal, onProgress });
      sent += part.length;
      resetRetries();
    }
    listener.showChecking();
    return request("POST", `uploads/${this.#id}/photo/`, { json: {}, signal });
  }

  /** @returns {Promise<UploadPart[]>} */
  async #loadMissingParts() {
    try {
      if (this.#id) return (await get(`uploads/${this.#id}/`)).requests;
    } catch (error) {
      // The server deletes uploads after a day: create a new one.
      if (!hasStatus(error, 404, 410)) throw error;
    }
    const upload = await post("uploads/", await this.#describeFile());
    this.#id = upload.id;
    // Only now: a cancelled upload is deleted by its id.
    this.#controller.signal.throwIfAborted();
    return upload.requests;
  }

  async #describeFile() {
    const { name, size, type } = this.#file;
    return {
      filename: name,
      length: size,
      type: type.startsWith("image/") ? type : undefined,
      sha256: await computeSha256(this.#file),
      album: this.#album,
    };
  }

  async #discard() {
    const id = this.#id;
    this.#id = "";
    // If this fails, the server deletes the upload within a day.
    if (id) await retry(() => destroy(`uploads/${id}/`)).catch(() => null);
  }
}
