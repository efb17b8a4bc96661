/** Uploads of chosen, dropped or pasted files: two at a time, each with its own row and error. */
import { getMessage } from "./api.js";
import { DirectUpload, isResumable } from "./direct-upload.js";
import { getElement } from "./dom.js";
import { isUnreachable } from "./retry.js";
import { UploadRow } from "./upload-row.js";

/** @import { Photo } from "./api-types.js" */

const MAX_PARALLEL = 2;

/** @typedef {{upload: DirectUpload, row: UploadRow}} Task */
/**
 * @typedef {object} Options
 * @property {string} [album]
 * @property {(photo: Photo) => void} onPhoto
 * @property {(photos: Photo[], failures: number) => void} onAllDone
 */

export class Uploads {
  #box = getElement("uploads");
  #list = getElement("upload-list");
  /** @type {Task[]} */
  #queue = [];
  /** The tasks that can be resumed, each with the error that stopped it. @type {Map<Task, unknown>} */
  #stopped = new Map();
  #running = 0;
  /** @type {Photo[]} */
  #photos = [];
  #failures = 0;
  #options;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    getElement("uploads-clear").addEventListener("click", () => {
      for (const row of this.#list.querySelectorAll(".upload-finished")) row.remove();
      this.#showList();
    });
    window.addEventListener("online", () => {
      for (const [task, error] of [...this.#stopped]) if (isUnreachable(error)) this.#retry(task);
    });
  }

  /** @param {Iterable<File>} files are added to the queue */
  add(files) {
    for (const file of files) {
      const onRetry = () => this.#retry(task);
      const onCancel = () => this.#cancel(task);
      const upload = new DirectUpload(file, this.#options.album);
      const task = { upload, row: new UploadRow(file, { onRetry, onCancel }) };
      this.#list.append(task.row.root);
      this.#queue.push(task);
    }
    this.#showList();
    this.#start();
  }

  #showList() {
    this.#box.hidden = this.#list.children.length === 0;
  }

  #start() {
    while (this.#running < MAX_PARALLEL && this.#queue.length) this.#work();
  }

  /** @param {Task} task */
  #retry(task) {
    this.#stopped.delete(task);
    task.row.showQueued();
    this.#queue.push(task);
    this.#start();
  }

  /** @param {Task} task */
  #cancel(task) {
    const { root } = task.row;
    const neighbour = root.nextElementSibling || root.previousElementSibling;
    this.#queue = this.#queue.filter((other) => other !== task);
    this.#stopped.delete(task);
    task.upload.cancel();
    root.remove();
    this.#showList();
    // The focused button is gone: the keyboard continues at the next row.
    /** @type {HTMLElement | null | undefined} */
    const next = neighbour?.querySelector("button:not([hidden]), a");
    (next || getElement("upload-input")).focus();
  }

  async #work() {
    this.#running += 1;
    for (let task = this.#queue.shift(); task; task = this.#queue.shift()) await this.#send(task);
    this.#running -= 1;
    if (this.#running > 0) return;
    this.#options.onAllDone(this.#photos, this.#failures + this.#stopped.size);
    this.#photos = [];
    this.#failures = 0;
  }

  /** @param {Task} task */
  async #send(task) {
    try {
      const photo = await task.upload.run(task.row);
      this.#photos.push(photo);
      task.row.showDone(photo);
      this.#options.onPhoto(photo);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError"))
        this.#showFailure(task, error);
    }
  }

  /** @param {Task} task @param {unknown} error */
  #showFailure(task, error) {
    if (isResumable(error)) {
      this.#stopped.set(task, error);
      task.row.showStopped(getMessage(error));
    } else {
      this.#failures += 1;
      task.row.showFailed(getMessage(error));
    }
  }
}

/**
 * Listen for files from the button, from a drop anywhere on the page, and from the clipboard.
 * @param {(files: File[]) => void} onFiles
 */
export function listenForFiles(onFiles) {
  const input = getElement("upload-input", HTMLInputElement);
  input.addEventListener("change", () => {
    onFiles([...(input.files || [])]);
    input.value = "";
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (files.length) onFiles(files);
  });
  listenForDrops(onFiles);
}

/** @param {(files: File[]) => void} onFiles */
function listenForDrops(onFiles) {
  const target = getElement("drop-target");
  // Every element that the pointer enters or leaves sends an event of its own.
  let depth = 0;
  /** @param {DragEvent} event */
  const hasFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));
  /** @param {number} change */
  const changeDepth = (change) => {
    depth = Math.max(0, depth + change);
    target.hidden = depth === 0;
  };
  document.addEventListener("dragenter", (event) => hasFiles(event) && changeDepth(1));
  document.addEventListener("dragleave", (event) => hasFiles(event) && changeDepth(-1));
  document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    changeDepth(-depth);
    onFiles([...(event.dataTransfer?.files || [])]);
  });
}
