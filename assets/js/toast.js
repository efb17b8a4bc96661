/** Toasts: short messages at the window's lower edge, which screen readers announce. */
import { ApiError } from "./api.js";
import { createElement, createIcon, getElement } from "./dom.js";

const MAX_TOASTS = 3;
const SHOWN_MS = 6000;

/**
 * Show a message. A `danger` message stays until it is closed, others disappear.
 * @param {string} text
 * @param {{danger?: boolean, link?: {href: string, text: string}}} [options]
 */
export function showToast(text, { danger = false, link } = {}) {
  const close = () => toast.remove();
  const button = { type: "button", "aria-label": "Close message", onclick: close };
  const toast = createElement(
    "div",
    { class: danger ? "toast toast-danger" : "toast" },
    createElement(
      "span",
      {},
      `${text} `,
      link && createElement("a", { href: link.href }, link.text),
    ),
    createElement("button", button, createIcon("close")),
  );
  const stack = getElement("toasts");
  while (stack.children.length >= MAX_TOASTS) stack.firstElementChild?.remove();
  stack.append(toast);
  if (!danger) setTimeout(close, SHOWN_MS);
}

/**
 * Show why something failed. An error that is no `ApiError` is a bug in the page: it is logged.
 * @param {unknown} error
 */
export function showError(error) {
  if (!(error instanceof ApiError)) {
    console.error(error);
    showToast("Something went wrong on this page. Reload it and try again.", { danger: true });
    return;
  }
  const login = `/accounts/login/?next=${encodeURIComponent(location.pathname)}`;
  const link = error.status === 401 ? { href: login, text: "Sign in" } : undefined;
  showToast(error.message, { danger: true, link });
}
