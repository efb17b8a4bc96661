/** Short messages at the window's lower edge; screen readers hear them too. */
import { byId, el, icon } from "./dom.js";

/**
 * @param {string} text
 * @param {{danger?: boolean, link?: {href: string, text: string}}} [options] errors stay until closed
 */
export function toast(text, { danger = false, link } = {}) {
  const close = () => box.remove();
  const box = el(
    "div",
    { class: danger ? "toast toast-danger" : "toast" },
    el("span", {}, `${text} `, link && el("a", { href: link.href }, link.text)),
    el("button", { type: "button", "aria-label": "Close message", onclick: close }, icon("close")),
  );
  const stack = byId("toasts");
  while (stack.children.length >= 3) stack.firstElementChild.remove();
  stack.append(box);
  if (!danger) setTimeout(close, 6000);
}

/**
 * Show why something failed; what is no `ApiError` is a fault of ours and belongs on the console.
 * @param {any} error
 */
export function toastError(error) {
  if (error.name !== "ApiError") {
    console.error(error);
    toast("Something went wrong on this page. Reload it and try again.", { danger: true });
    return;
  }
  const link = error.status === 401 ? { href: `/accounts/login/?next=${encodeURIComponent(location.pathname)}`, text: "Sign in" } : undefined;
  toast(error.message, { danger: true, link });
}
