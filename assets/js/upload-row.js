/** One row of the list of uploads: a file, its progress, and buttons to retry or cancel. */
import { createElement, createIcon, createProgressBar } from "./dom.js";
import { formatBytes, formatPercent, joinSentences } from "./format.js";
import { isUnreachable } from "./retry.js";

/** @import { Photo } from "./api-types.js" */

/**
 * @param {string} text
 * @param {string} filename
 * @param {() => void} onclick
 */
function createButton(text, filename, onclick) {
  const props = {
    class: "button button-small",
    type: "button",
    "aria-label": `${text}: ${filename}`,
    onclick,
  };
  return createElement("button", props, text);
}

export class UploadRow {
  #file;
  #share = 0;
  #bar;
  #warning = createIcon("warn");
  #state = createElement("span", { class: "upload-state" });
  #problem = createElement("p", { class: "upload-problem", role: "alert" });
  #retry;
  #cancel;
  #actions;

  /**
   * @param {File} file
   * @param {{onRetry: () => void, onCancel: () => void}} options
   */
  constructor(file, { onRetry, onCancel }) {
    this.#file = file;
    this.#bar = createProgressBar(`Upload of ${file.name}`);
    this.#retry = createButton("Try again", file.name, onRetry);
    this.#cancel = createButton("Cancel", file.name, onCancel);
    this.#cancel.classList.add("button-quiet");
    this.#actions = createElement("span", { class: "upload-actions" }, this.#retry, this.#cancel);
    const text = createElement("span", {}, file.name);
    const name = createElement(
      "span",
      { class: "upload-name", title: file.name },
      this.#warning,
      text,
    );
    this.root = createElement(
      "li",
      {},
      name,
      this.#state,
      this.#actions,
      this.#bar.root,
      this.#problem,
    );
    this.showQueued();
  }

  /**
   * @param {"queued" | "running" | "checking" | "paused" | "stopped" | "failed" | "done"} kind
   * @param {string} text
   * @param {string} [problem]
   */
  #show(kind, text, problem = "") {
    this.root.className = `upload upload-${kind}`;
    this.#state.textContent = text;
    this.#problem.textContent = problem;
    this.#warning.toggleAttribute("hidden", !problem);
    this.#retry.hidden = kind !== "stopped";
    this.#cancel.hidden = kind === "checking" || kind === "failed";
  }

  showQueued() {
    if (document.activeElement === this.#retry) this.#cancel.focus();
    this.#show("queued", `waiting, ${formatBytes(this.#file.size)}`);
  }

  /** @param {number} share of the file, 0..1 */
  showProgress(share) {
    this.#share = share;
    this.#bar.setShare(share);
    this.#show("running", formatPercent(share));
  }

  /** Show that everything is sent and the server checks it. */
  showChecking() {
    this.#bar.setShare(null);
    this.#show("checking", "checking the picture…");
  }

  /** @param {unknown} error temporary: the upload resumes by itself */
  showPaused(error) {
    this.#bar.setShare(this.#share);
    const wait = isUnreachable(error) ? "waiting for the connection…" : "trying again in a moment…";
    this.#show("paused", `${formatPercent(this.#share)}, ${wait}`);
  }

  /** @param {string} problem that the person can solve and then retry */
  showStopped(problem) {
    this.#bar.setShare(this.#share);
    this.#show("stopped", `stopped at ${formatPercent(this.#share)}`, problem);
  }

  /** @param {string} problem that ends the upload */
  showFailed(problem) {
    this.#show("failed", "", problem);
    this.#finish();
  }

  /** @param {Photo} photo the result */
  showDone(photo) {
    this.#show("done", "");
    if (photo.notes.length) {
      this.root.append(createElement("p", { class: "upload-notes" }, joinSentences(photo.notes)));
    }
    const props = { href: `/photos/${photo.id}/`, "aria-label": `Open: ${this.#file.name}` };
    this.#actions.replaceChildren(createElement("a", props, "Open"));
    this.#finish();
  }

  #finish() {
    this.root.classList.add("upload-finished");
    this.#bar.root.remove();
  }
}
