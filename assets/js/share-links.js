/** Share links, which work without an account: the album's owner creates, copies and revokes them. */
import { destroy, getAll, getMessage, post } from "./api.js";
import { askConfirm } from "./dialog.js";
import { copyText, createElement, createIcon, getElement } from "./dom.js";
import { formatDay } from "./format.js";

/** @import { ShareLink } from "./api-types.js" */

/** @typedef {{album: string, photo?: string}} Target what a link opens: the album, or one photo */
/** @typedef {(field: HTMLInputElement) => void} Copy */
/** @typedef {(link: ShareLink) => void} Revoke */

/** @param {ShareLink} link @param {Target} target */
function describeLink(link, target) {
  const expiry = link.expires_at ? `ends ${formatDay(link.expires_at)}` : "never ends";
  const state = link.always_newest ? " and shows later edits" : "";
  if (target.photo) return [`It ${expiry}${state}.`];
  const scope = link.photo
    ? createElement("a", { href: `/photos/${link.photo}/` }, "One photo")
    : "The whole album";
  return [scope, ` · ${expiry}${state}`];
}

/**
 * @param {ShareLink} link
 * @param {Target} target
 * @param {{copy: Copy, revoke: Revoke}} actions
 */
function createRow(link, target, { copy, revoke }) {
  const id = `share-${link.id}`;
  const field = createElement("input", {
    type: "text",
    readOnly: true,
    value: new URL(link.url, location.href).href,
    "aria-label": "Address of the link",
    "aria-describedby": id,
  });
  field.addEventListener("focus", () => field.select());
  const button = { type: "button", "aria-describedby": id };
  return createElement(
    "li",
    {},
    field,
    createElement("span", { class: "muted small", id }, ...describeLink(link, target)),
    createElement(
      "button",
      { ...button, class: "button button-small", onclick: () => copy(field) },
      createIcon("copy"),
      "Copy",
    ),
    createElement(
      "button",
      { ...button, class: "button button-small button-danger", onclick: () => revoke(link) },
      "Revoke",
    ),
  );
}

/** Read what the form says about the next link. */
function readForm() {
  return {
    expires_in_days: Number(getElement("share-days", HTMLSelectElement).value) || null,
    always_newest: getElement("share-newest", HTMLInputElement).checked,
  };
}

/**
 * Mount the list of share links and the form that creates them.
 * @param {() => Target} getTarget
 * @returns {() => Promise<void>} loads and shows the links
 */
export function mountShareLinks(getTarget) {
  const list = getElement("share-list");
  const state = getElement("share-state");
  const error = getElement("share-error");
  const getPath = () => `albums/${getTarget().album}/share-links/`;

  async function load() {
    const target = getTarget();
    /** @type {ShareLink[]} */
    const links = await getAll(getPath());
    const shown = links.filter(({ photo }) => !target.photo || photo === target.photo);
    list.replaceChildren(...shown.map((link) => createRow(link, target, { copy, revoke })));
  }
  /** @param {() => Promise<void>} work */
  async function attempt(work) {
    error.textContent = "";
    state.textContent = "";
    try {
      await work();
    } catch (failure) {
      error.textContent = getMessage(failure);
    }
  }
  const create = () =>
    attempt(async () => {
      await post(getPath(), { photo: getTarget().photo, ...readForm() });
      await load();
      state.textContent = "The link is made.";
      list.querySelector("button")?.focus();
    });
  /** @type {Copy} */
  const copy = async (field) => {
    const isCopied = await copyText(field.value);
    if (!isCopied) field.focus();
    state.textContent = isCopied
      ? "Copied."
      : "The browser did not allow copying. The address is marked: copy it by hand.";
  };
  /** @type {Revoke} */
  const revoke = (link) =>
    attempt(async () => {
      const text = "Whoever has it sees nothing any more. This can't be undone.";
      if (!(await askConfirm({ title: "Revoke this link?", text, action: "Revoke" }))) return;
      await destroy(`share-links/${link.id}/`);
      await load();
      state.textContent = "The link is revoked.";
      getElement("share-create").focus();
    });

  getElement("share-form").addEventListener("submit", (event) => {
    event.preventDefault();
    create();
  });
  return () => attempt(load);
}
