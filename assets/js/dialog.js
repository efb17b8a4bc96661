/** Dialogs: those in the page's template, and two small ones that ask. */
import { el } from "./dom.js";

/**
 * Let every `data-close` button close its dialog, and a click beside it too.
 * @param {HTMLDialogElement} dialog
 */
export function closable(dialog) {
  dialog.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target === dialog || target.closest("[data-close]")) dialog.close();
  });
}

/**
 * @param {HTMLElement} body
 * @param {string} title
 * @param {string} action
 * @param {boolean} danger
 * @returns {Promise<boolean>} whether the person agreed
 */
function ask(body, title, action, danger) {
  return new Promise((resolve) => {
    const heading = el("h2", { id: "ask-title" }, title);
    const yes = el("button", { class: danger ? "button button-danger" : "button button-primary", type: "submit", value: "yes" }, action);
    const no = el("button", { class: "button", type: "button", "data-close": "" }, "Cancel");
    const form = el("form", { class: "stack", method: "dialog" }, heading, body, el("div", { class: "dialog-actions" }, no, yes));
    const dialog = el("dialog", { "aria-labelledby": "ask-title" }, form);
    closable(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * @param {{title: string, text: string, action: string}} words
 * @returns {Promise<boolean>}
 */
export function askConfirm({ title, text, action }) {
  return ask(el("p", {}, text), title, action, true);
}

/**
 * @param {{title: string, label: string, action: string, value?: string, maxLength: number}} words
 * @returns {Promise<string | null>} the text, or null when the person changed their mind
 */
export async function askText({ title, label, action, value = "", maxLength }) {
  const input = el("input", { id: "ask-input", type: "text", value, required: true, maxLength, autocomplete: "off" });
  const field = el("div", { class: "field" }, el("label", { for: "ask-input" }, label), input);
  const agreed = await ask(field, title, action, false);
  return agreed && input.value.trim() ? input.value.trim() : null;
}

/**
 * @param {{title: string, label: string, action: string, value?: string, options: {value: string, text: string}[]}} words
 * @returns {Promise<string | null>} the chosen value
 */
export async function askChoice({ title, label, action, value, options }) {
  const select = el("select", { id: "ask-select" }, ...options.map((option) => el("option", { value: option.value }, option.text)));
  if (value) select.value = value;
  const field = el("div", { class: "field" }, el("label", { for: "ask-select" }, label), select);
  return (await ask(field, title, action, false)) ? select.value : null;
}
