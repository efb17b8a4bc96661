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

/**
 * @param {{album?: string, onPhoto: (photo: any) => void, onAllDone: (photos: any[], failures: number) => void}} options
 * @returns {(files: Iterable<File>) => void} takes files into the queue
 */
export function createUploads({ album, onPhoto, onAllDone }) {
  const box = byId("uploads");
  const list = byId("upload-list");
  const waiting = [];
  let running = 0;
  let photos = [];
  let failures = 0;

  async function send({ file, row }) {
    const form = new FormData();
    form.append("file", file, file.name);
    if (album) form.append("album", album);
    try {
      const photo = await uploadForm("photos/", form, row.progress);
      photos.push(photo);
      row.done(photo);
      onPhoto(photo);
    } catch (error) {
      failures += 1;
      row.failed(error.message);
    }
  }

  async function work() {
    running += 1;
    while (waiting.length) await send(waiting.shift());
    running -= 1;
    if (running > 0) return;
    onAllDone(photos, failures);
    photos = [];
    failures = 0;
  }

  byId("uploads-clear").addEventListener("click", () => {
    for (const row of list.querySelectorAll(".upload-finished")) row.remove();
    box.hidden = list.children.length === 0;
  });

  return (files) => {
    for (const file of files) {
      const row = uploadRow(file);
      list.append(row.row);
      waiting.push({ file, row });
    }
    box.hidden = list.children.length === 0;
    while (running < AT_ONCE && waiting.length) work();
  };
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
