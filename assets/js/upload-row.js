/** One row of the list of uploads: a file, how much of it has left, and what can be done about it. */
import { el, icon, progressBar } from "./dom.js";
import { percent, sentences, size } from "./format.js";
import { isUnreached } from "./retry.js";

export class UploadRow {
  #file;
  #share = 0;
  #bar;
  #warning = icon("warn");
  #state = el("span", { class: "upload-state" });
  #problem = el("p", { class: "upload-problem", role: "alert" });
  #retry;
  #cancel;
  #actions;

  /**
   * @param {File} file
   * @param {{onRetry: () => void, onCancel: () => void}} options
   */
  constructor(file, { onRetry, onCancel }) {
    const button = (words, label, onclick) =>
      el("button", { class: "button button-small", type: "button", "aria-label": `${words}: ${label}`, onclick }, words);
    this.#file = file;
    this.#bar = progressBar(`Upload of ${file.name}`);
    this.#retry = button("Try again", file.name, onRetry);
    this.#cancel = button("Cancel", file.name, onCancel);
    this.#cancel.classList.add("button-quiet");
    this.#actions = el("span", { class: "upload-actions" }, this.#retry, this.#cancel);
    const name = el("span", { class: "upload-name", title: file.name }, this.#warning, el("span", {}, file.name));
    this.root = el("li", {}, name, this.#state, this.#actions, this.#bar.root, this.#problem);
    this.queued();
  }

  /**
   * @param {string} kind
   * @param {string} state
   * @param {string} [problem]
   */
  #become(kind, state, problem = "") {
    this.root.className = `upload upload-${kind}`;
    this.#state.textContent = state;
    this.#problem.textContent = problem;
    this.#warning.toggleAttribute("hidden", !problem);
    this.#retry.hidden = kind !== "stopped";
    this.#cancel.hidden = kind === "checking" || kind === "failed";
  }

  /** It waits for its turn. */
  queued() {
    if (document.activeElement === this.#retry) this.#cancel.focus();
    this.#become("queued", `waiting, ${size(this.#file.size)}`);
  }

  /** @param {number} share of the file, 0..1 */
  progress(share) {
    this.#share = share;
    this.#bar.set(share);
    this.#become("running", percent(share));
  }

  /** The server looks at what arrived. */
  checking() {
    this.#bar.set(null);
    this.#become("checking", "checking the picture…");
  }

  /** @param {any} error that may pass: it goes on by itself */
  paused(error) {
    this.#bar.set(this.#share);
    const wait = isUnreached(error) ? "waiting for the connection…" : "trying again in a moment…";
    this.#become("paused", `${percent(this.#share)}, ${wait}`);
  }

  /** @param {string} problem that the person can do something about, then go on */
  stopped(problem) {
    this.#bar.set(this.#share);
    this.#become("stopped", `stopped at ${percent(this.#share)}`, problem);
  }

  /** @param {string} problem that ends it */
  failed(problem) {
    this.#become("failed", "", problem);
    this.#finish();
  }

  /** @param {any} photo that it became */
  done(photo) {
    this.#become("done", "");
    if (photo.notes.length) this.root.append(el("p", { class: "upload-notes" }, sentences(photo.notes)));
    const link = el("a", { href: `/photos/${photo.id}/`, "aria-label": `Open: ${this.#file.name}` }, "Open");
    this.#actions.replaceChildren(link);
    this.#finish();
  }

  #finish() {
    this.root.classList.add("upload-finished");
    this.#bar.root.remove();
  }
}
