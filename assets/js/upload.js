/** Uploads: chosen, dropped or pasted files, two at a time, each with its own bar and its own error. */
import { uploadForm } from "./api.js";
import { byId, el, icon, progressBar } from "./dom.js";
import { percent, size } from "./format.js";

const AT_ONCE = 2;

/**
 * @param {File} file
 * @returns {{row: HTMLElement, progress: (share: number) => void, done: (photo: any) => void, failed: (message: string) => void}}
 */
function uploadRow(file) {
  const bar = progressBar(`Upload of ${file.name}`);
  const name = el("span", { class: "upload-name", title: file.name }, el("span", {}, file.name));
  const state = el("span", { class: "upload-state" }, `waiting, ${size(file.size)}`);
  const row = el("li", { class: "upload" }, name, state, bar.root);
  const finish = (kind) => {
    row.classList.add(kind, "upload-finished");
  };
  return {
    row,
    progress(share) {
      bar.set(share < 1 ? share : null);
      state.textContent = share < 1 ? percent(share) : "checking the picture…";
    },
    done(photo) {
      finish("upload-done");
      bar.root.remove();
      state.replaceChildren(el("a", { href: `/photos/${photo.id}/` }, "Open"));
    },
    failed(message) {
      finish("upload-failed");
      state.setAttribute("role", "alert");
      state.replaceChildren(message);
      name.prepend(icon("warn"));
    },
  };
}

export class Uploads {
  #box = byId("uploads");
  #list = byId("upload-list");
  #waiting = [];
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
      this.#box.hidden = this.#list.children.length === 0;
    });
  }

  /** @param {Iterable<File>} files for the queue */
  take(files) {
    for (const file of files) {
      const row = uploadRow(file);
      this.#list.append(row.row);
      this.#waiting.push({ file, row });
    }
    this.#box.hidden = this.#list.children.length === 0;
    while (this.#running < AT_ONCE && this.#waiting.length) this.#work();
  }

  async #work() {
    this.#running += 1;
    while (this.#waiting.length) await this.#send(this.#waiting.shift());
    this.#running -= 1;
    if (this.#running > 0) return;
    this.#options.onAllDone(this.#photos, this.#failures);
    this.#photos = [];
    this.#failures = 0;
  }

  async #send({ file, row }) {
    const { album, onPhoto } = this.#options;
    const form = new FormData();
    form.append("file", file, file.name);
    if (album) form.append("album", album);
    try {
      const photo = await uploadForm("photos/", form, row.progress);
      this.#photos.push(photo);
      row.done(photo);
      onPhoto(photo);
    } catch (error) {
      this.#failures += 1;
      row.failed(error.message);
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
