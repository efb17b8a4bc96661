/** Uploads: chosen, dropped or pasted files, two at a time, each with its own row and its own error. */
import { DirectUpload, isResumable } from "./direct-upload.js";
import { byId } from "./dom.js";
import { isUnreached } from "./retry.js";
import { UploadRow } from "./upload-row.js";

const AT_ONCE = 2;

/** @typedef {{upload: DirectUpload, row: UploadRow}} Job */

export class Uploads {
  #box = byId("uploads");
  #list = byId("upload-list");
  /** @type {Job[]} */
  #waiting = [];
  /** Those that can go on, each with what stopped it. @type {Map<Job, any>} */
  #stopped = new Map();
  #running = 0;
  #photos = [];
  #failures = 0;
  #options;

  /**
   * @param {{album?: string, onPhoto: (photo: any) => void, onAllDone: (photos: any[], failures: number) => void}} options
   */
  constructor(options) {
    this.#options = options;
    byId("uploads-clear").addEventListener("click", () => {
      for (const row of this.#list.querySelectorAll(".upload-finished")) row.remove();
      this.#showList();
    });
    window.addEventListener("online", () => {
      for (const [job, error] of [...this.#stopped]) if (isUnreached(error)) this.#retry(job);
    });
  }

  /** @param {Iterable<File>} files for the queue */
  take(files) {
    for (const file of files) {
      const onRetry = () => this.#retry(job);
      const onCancel = () => this.#cancel(job);
      const job = { upload: new DirectUpload(file, this.#options.album), row: new UploadRow(file, { onRetry, onCancel }) };
      this.#list.append(job.row.root);
      this.#waiting.push(job);
    }
    this.#showList();
    this.#start();
  }

  #showList() {
    this.#box.hidden = this.#list.children.length === 0;
  }

  #start() {
    while (this.#running < AT_ONCE && this.#waiting.length) this.#work();
  }

  /** @param {Job} job */
  #retry(job) {
    this.#stopped.delete(job);
    job.row.queued();
    this.#waiting.push(job);
    this.#start();
  }

  /** @param {Job} job */
  #cancel(job) {
    const { root } = job.row;
    const beside = root.nextElementSibling || root.previousElementSibling;
    this.#waiting = this.#waiting.filter((other) => other !== job);
    this.#stopped.delete(job);
    job.upload.cancel();
    root.remove();
    this.#showList();
    // Whoever uses a keyboard goes on from here.
    (beside?.querySelector("button:not([hidden]), a") || byId("upload-input")).focus();
  }

  async #work() {
    this.#running += 1;
    while (this.#waiting.length) await this.#send(this.#waiting.shift());
    this.#running -= 1;
    if (this.#running > 0) return;
    this.#options.onAllDone(this.#photos, this.#failures + this.#stopped.size);
    this.#photos = [];
    this.#failures = 0;
  }

  /** @param {Job} job */
  async #send(job) {
    try {
      const photo = await job.upload.run(job.row);
      this.#photos.push(photo);
      job.row.done(photo);
      this.#options.onPhoto(photo);
    } catch (error) {
      if (error.name !== "AbortError") this.#tell(job, error);
    }
  }

  /** @param {Job} job */
  #tell(job, error) {
    if (isResumable(error)) {
      this.#stopped.set(job, error);
      job.row.stopped(error.message);
    } else {
      this.#failures += 1;
      job.row.failed(error.message);
    }
  }
}

/**
 * Take files from the button, from a drop anywhere on the page, and from the clipboard.
 * @param {(files: File[]) => void} take
 */
export function listenForFiles(take) {
  const input = byId("upload-input");
  const target = byId("drop-target");
  let depth = 0;
  const hasFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));
  const show = (change) => {
    depth = Math.max(0, depth + change);
    target.hidden = depth === 0;
  };

  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  document.addEventListener("dragenter", (event) => hasFiles(event) && show(1));
  document.addEventListener("dragleave", (event) => hasFiles(event) && show(-1));
  document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show(-depth);
    take([...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (files.length) take(files);
  });
}
