/** The dialog of an album's members and share links. */
import { destroy, get, getAll, getMessage, patch, post } from "./api.js";
import { askConfirm, makeClosable } from "./dialog.js";
import { createElement, getElement } from "./dom.js";
import { mountShareLinks } from "./share-links.js";

/** @import { Album, Member, Role } from "./api-types.js" */

/** @typedef {() => Promise<unknown>} Work */
/** @typedef {{album: Album, path: string, email: string, attempt: (work: Work) => void}} Context
 *   `email` of the person at the page; `attempt` runs some work and shows the result */

const ROLES = [
  ["viewer", "view"],
  ["editor", "edit"],
];

/**
 * Create the field of a member's role.
 * @param {Member} member
 * @param {((role: string) => void) | false} onChange false for people who may not change it
 */
function createRoleField(member, onChange) {
  if (!onChange || member.role === "owner")
    return createElement("span", { class: "badge" }, member.role);
  const options = ROLES.map(([value, text]) => createElement("option", { value }, text));
  const select = createElement(
    "select",
    { "aria-label": `What ${member.email} may do` },
    ...options,
  );
  select.value = member.role;
  select.addEventListener("change", () => onChange(select.value));
  return select;
}

/** @param {Album} album @param {string} memberPath */
async function leaveAlbum(album, memberPath) {
  const text = "You will no longer see its photos, unless the owner invites you again.";
  if (!(await askConfirm({ title: `Leave “${album.name}”?`, text, action: "Leave" }))) return;
  await destroy(memberPath);
  location.assign("/photos/");
}

/**
 * Create the button that ends a membership: one's own, or another's in an album that one owns.
 * @param {Member} member
 * @param {Context} context
 */
function createRemoveButton(member, { album, path, email, attempt }) {
  const isMe = member.email === email;
  if (member.role === "owner" || (!isMe && album.role !== "owner")) return null;
  const memberPath = `${path}${member.id}/`;
  const work = isMe ? () => leaveAlbum(album, memberPath) : () => destroy(memberPath);
  const label = isMe ? "Leave the album" : `Remove ${member.email}`;
  return createElement(
    "button",
    {
      class: "button button-small button-danger",
      type: "button",
      "aria-label": label,
      onclick: () => attempt(work),
    },
    isMe ? "Leave" : "Remove",
  );
}

/**
 * @param {Member} member
 * @param {Context} context
 */
function createRow(member, context) {
  const { album, path, attempt } = context;
  /** @param {string} role */
  const changeRole = (role) => attempt(() => patch(`${path}${member.id}/`, { role }));
  return createElement(
    "li",
    {},
    createElement("span", {}, member.email),
    createRoleField(member, album.role === "owner" && changeRole),
    createRemoveButton(member, context),
  );
}

/** @param {Album} album */
export function mountMembers(album) {
  const dialog = getElement("members-dialog", HTMLDialogElement);
  const form = getElement("member-form");
  const input = getElement("member-email", HTMLInputElement);
  const error = getElement("member-error");
  const path = `albums/${album.id}/members/`;
  const isOwner = album.role === "owner";

  async function showMembers() {
    /** @type {[Member[], {email: string}]} */
    const [members, { email }] = await Promise.all([getAll(path), get("me/")]);
    const context = { album, path, email, attempt };
    getElement("member-list").replaceChildren(
      ...members.map((member) => createRow(member, context)),
    );
  }
  /** @param {unknown} failure */
  const showProblem = (failure) => {
    error.textContent = getMessage(failure);
  };
  /** @param {Work} work */
  async function attempt(work) {
    error.textContent = "";
    await work().catch(showProblem);
    await showMembers().catch(showProblem);
  }

  makeClosable(dialog);
  form.hidden = !isOwner;
  getElement("share-part").hidden = !isOwner;
  const showLinks = mountShareLinks(() => ({ album: album.id }));
  const button = getElement("album-members");
  button.hidden = false;
  button.addEventListener("click", () => {
    dialog.showModal();
    attempt(async () => {});
    if (isOwner) showLinks();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      const role = getElement("member-role", HTMLSelectElement).value;
      await post(path, { email: input.value.trim(), role });
      input.value = "";
    });
  });
}
