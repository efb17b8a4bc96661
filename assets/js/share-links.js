/** Links that let anybody look, without an account: the album's owner makes, copies and revokes them. */
import { destroy, getAll, post } from "./api.js";
import { askConfirm } from "./dialog.js";
import { byId, copyText, el, icon } from "./dom.js";
import { day } from "./format.js";

/** @typedef {{id: string, photo: string | null, url: string, expires_at: string | null}} ShareLink */
/** @typedef {{album: string, photo?: string}} Target what a new link opens: the album, or one photo in it */

/** @param {ShareLink} link @param {Target} target */
function about(link, target) {
  const end = link.expires_at ? `ends ${day(link.expires_at)}` : "never ends";
  if (target.photo) return [`It ${end}.`];
  return [link.photo ? el("a", { href: `/photos/${link.photo}/` }, "One photo") : "The whole album", ` · ${end}`];
}

/**
 * @param {ShareLink} link
 * @param {Target} target
 * @param {{copy: (field: HTMLInputElement) => void, revoke: (link: ShareLink) => void}} verbs
 * @returns {HTMLElement}
 */
function row(link, target, { copy, revoke }) {
  const id = `share-${link.id}`;
  const field = el("input", { type: "text", readOnly: true, value: new URL(link.url, location.href).href, "aria-label": "Address of the link", "aria-describedby": id });
  field.addEventListener("focus", () => field.select());
  return el(
    "li",
    {},
    field,
    el("span", { class: "muted small", id }, ...about(link, target)),
    el("button", { class: "button button-small", type: "button", "aria-describedby": id, onclick: () => copy(field) }, icon("copy"), "Copy"),
    el("button", { class: "button button-small button-danger", type: "button", "aria-describedby": id, onclick: () => revoke(link) }, "Revoke"),
  );
}

/**
 * @param {() => Target} target
 * @returns {() => Promise<void>} shows the links that there are
 */
export function mountShareLinks(target) {
  const list = byId("share-list");
  const state = byId("share-state");
  const error = byId("share-error");
  const path = () => `albums/${target().album}/share-links/`;

  async function load() {
    const { photo } = target();
    const links = (await getAll(path())).filter((link) => !photo || link.photo === photo);
    list.replaceChildren(...links.map((link) => row(link, target(), { copy, revoke })));
  }
  async function attempt(work) {
    error.textContent = state.textContent = "";
    try {
      await work();
    } catch (problem) {
      error.textContent = problem.message;
    }
  }
  const create = () => attempt(async () => {
    await post(path(), { photo: target().photo, expires_in_days: Number(byId("share-days").value) || null });
    await load();
    state.textContent = "The link is made.";
    list.querySelector("button").focus();
  });
  const copy = async (field) => {
    const done = await copyText(field.value);
    if (!done) field.focus();
    state.textContent = done ? "Copied." : "The browser did not allow copying. The address is marked: copy it by hand.";
  };
  const revoke = (link) => attempt(async () => {
    const text = "Whoever has it sees nothing any more. This can't be undone.";
    if (!(await askConfirm({ title: "Revoke this link?", text, action: "Revoke" }))) return;
    await destroy(`share-links/${link.id}/`);
    await load();
    state.textContent = "The link is revoked.";
    byId("share-create").focus();
  });

  byId("share-form").addEventListener("submit", (event) => {
    event.preventDefault();
    create();
  });
  return () => attempt(load);
}
