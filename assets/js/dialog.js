/** Dialogs: those in the page's template, and small ones that ask a question. */
import { createElement } from "./dom.js";

/**
 * Close the dialog by its `data-close` buttons, and by a click outside it.
 * @param {HTMLDialogElement} dialog
 */
export function makeClosable(dialog) {
  dialog.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target === dialog || target.closest("[data-close]")) dialog.close();
  });
}

/**
 * Ask a question in a dialog of its own.
 * @param {HTMLElement} body
 * @param {string} title
 * @param {string} action
 * @param {boolean} danger
 * @returns {Promise<boolean>} whether the person agreed
 */
function ask(body, title, action, danger) {
  return new Promise((resolve) => {
    const kind = danger ? "button-danger" : "button-primary";
    const yes = createElement(
      "button",
      { class: `button ${kind}`, type: "submit", value: "yes" },
      action,
    );
    const no = createElement(
      "button",
      { class: "button", type: "button", "data-close": "" },
      "Cancel",
    );
    const heading = createElement("h2", { id: "ask-title" }, title);
    const buttons = createElement("div", { class: "dialog-actions" }, no, yes);
    const form = createElement(
      "form",
      { class: "stack", method: "dialog" },
      heading,
      body,
      buttons,
    );
    const dialog = createElement("dialog", { "aria-labelledby": "ask-title" }, form);
    makeClosable(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Create a field with its label.
 * @param {string} label
 * @param {HTMLElement} input
 */
function createField(label, input) {
  return createElement(
    "div",
    { class: "field" },
    createElement("label", { for: input.id }, label),
    input,
  );
}

/**
 * Ask before something that cannot be undone.
 * @param {{title: string, text: string, action: string}} words
 * @returns {Promise<boolean>}
 */
export function askConfirm({ title, text, action }) {
  return ask(createElement("p", {}, text), title, action, true);
}

/**
 * Ask for a line of text.
 * @param {{title: string, label: string, action: string, value?: string, maxLength: number}} words
 * @returns {Promise<string | null>} null if the person cancelled, or entered nothing
 */
export async function askText({ title, label, action, value = "", maxLength }) {
  const input = createElement("input", {
    id: "ask-input",
    type: "text",
    value,
    required: true,
    maxLength,
    autocomplete: "off",
  });
  const isConfirmed = await ask(createField(label, input), title, action, false);
  return (isConfirmed && input.value.trim()) || null;
}

/**
 * Ask for one of several values.
 * @param {{title: string, label: string, action: string, value?: string, options: {value: string, text: string}[]}} words
 * @returns {Promise<string | null>} null if the person cancelled
 */
export async function askChoice({ title, label, action, value, options }) {
  const items = options.map((option) =>
    createElement("option", { value: option.value }, option.text),
  );
  const select = createElement("select", { id: "ask-select" }, ...items);
  if (value) select.value = value;
  return (await ask(createField(label, select), title, action, false)) ? select.value : null;
}
