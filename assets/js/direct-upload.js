/** One file's way to the server: announced, sent part by part to the storage, taken in as a photo. */
import { ApiError, destroy, get, post, request } from "./api.js";
import { isPassing, persist } from "./retry.js";
import { sendPart } from "./upload-part.js";

/** What is larger is refused by every server, so it need not be read to be refused. */
const READ_AT_MOST = 128 * 2 ** 20;

/** @typedef {{progress: (share: number) => void, checking: () => void, paused: (error: ApiError) => void}} Watcher */

/**
 * @param {Blob} blob
 * @returns {Promise<ArrayBuffer>}
 */
async function read(blob) {
  try {
    return await blob.arrayBuffer();
  } catch {
    throw new Error("This file can't be read: it is a folder, or it was changed or moved. Choose it again.");
  }
}

/**
 * @param {File} file
 * @returns {Promise<string | undefined>} in hex; browsers count only over https and on localhost
 */
async function sha256(file) {
  if (!crypto.subtle || file.size > READ_AT_MOST) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await read(file)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {any} error
 * @returns {boolean} whether the upload can go on later: what was wrong is not the file
 */
export function isResumable(error) {
  return isPassing(error) || (error instanceof ApiError && (error.status === 401 || error.status === 429));
}

export class DirectUpload {
  #file;
  #album;
  #id = "";
  #stop = new AbortController();

  /**
   * @param {File} file
   * @param {string} [album]
   */
  constructor(file, album) {
    this.#file = file;
    this.#album = album;
  }

  /**
   * Send what is missing and have it taken in; after a resumable error, go on by running it again.
   * @param {Watcher} watcher
   * @returns {Promise<any>} the photo
   */
  async run(watcher) {
    const onPause = (error) => watcher.paused(error);
    try {
      return await persist((gotOn) => this.#attempt(watcher, gotOn), { signal: this.#stop.signal, onPause });
    } catch (error) {
      if (!isResumable(error)) this.#discard();
      throw error;
    }
  }

  /** Give it up, with all that has arrived. */
  cancel() {
    this.#stop.abort();
    this.#discard();
  }

  async #attempt(watcher, gotOn) {
    const { signal } = this.#stop;
    const { requests } = await this.#ask();
    let sent = this.#file.size - requests.reduce((sum, part) => sum + part.length, 0);
    const onProgress = (bytes) => watcher.progress((sent + bytes) / this.#file.size);
    onProgress(0);
    for (const part of requests) {
      const bytes = await read(this.#file.slice(part.offset, part.offset + part.length));
      await sendPart(part, new Blob([bytes]), { signal, onProgress });
      sent += part.length;
      gotOn();
    }
    watcher.checking();
    return request("POST", `uploads/${this.#id}/photo/`, { json: {}, signal });
  }

  /** The calls that bring what is missing. */
  async #ask() {
    try {
      if (this.#id) return await get(`uploads/${this.#id}/`);
    } catch (error) {
      // Nobody keeps an upload for longer than a day: begin again.
      if (![404, 410].includes(error.status)) throw error;
    }
    const upload = await post("uploads/", await this.#announcement());
    this.#id = upload.id;
    // Not before: what is announced must be known by its id, to be given up.
    this.#stop.signal.throwIfAborted();
    return upload;
  }

  async #announcement() {
    const { name, size, type } = this.#file;
    return {
      filename: name,
      length: size,
      type: type.startsWith("image/") ? type : undefined,
      sha256: await sha256(this.#file),
      album: this.#album,
    };
  }

  async #discard() {
    const id = this.#id;
    this.#id = "";
    // If it can't be told, the server forgets the upload within a day by itself.
    if (id) await persist(() => destroy(`uploads/${id}/`)).catch(() => null);
  }
}
