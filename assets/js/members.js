/** Who may see an album, and what they may do in it: its members, and whoever has a link. */
import { destroy, get, getAll, patch, post } from "./api.js";
import { askConfirm, closable } from "./dialog.js";
import { byId, el } from "./dom.js";
import { mountShareLinks } from "./share-links.js";

const ROLES = [["viewer", "view"], ["editor", "edit"]];

/** @returns {HTMLElement} what a member may do, as a choice where the asker may choose */
function roleOf(member, change) {
  if (!change || member.role === "owner") return el("span", { class: "badge" }, member.role);
  const select = el("select", { "aria-label": `What ${member.email} may do` }, ...ROLES.map(([value, text]) => el("option", { value }, text)));
  select.value = member.role;
  select.addEventListener("change", () => change(select.value));
  return select;
}

/** @param {any} album @param {string} path @param {any} me @param {(work: () => Promise<any>) => void} attempt */
function memberRow(album, path, me, attempt) {
  const address = (member) => `${path}${member.id}/`;
  const leave = async (member) => {
    const text = "You will no longer see its photos, unless the owner invites you again.";
    if (!(await askConfirm({ title: `Leave “${album.name}”?`, text, action: "Leave" }))) return;
    await destroy(address(member));
    location.assign("/photos/");
  };
  const out = (member) => {
    const mine = member.email === me.email;
    if (member.role === "owner" || (!mine && album.role !== "owner")) return null;
    const work = mine ? () => leave(member) : () => destroy(address(member));
    const name = mine ? "Leave" : "Remove";
    const label = mine ? "Leave the album" : `Remove ${member.email}`;
    return el("button", { class: "button button-small button-danger", type: "button", "aria-label": label, onclick: () => attempt(work) }, name);
  };
  return (member) => {
    const change = album.role === "owner" && ((role) => attempt(() => patch(address(member), { role })));
    return el("li", {}, el("span", {}, member.email), roleOf(member, change), out(member));
  };
}

/**
 * @param {any} album
 */
export function mountMembers(album) {
  const dialog = byId("members-dialog");
  const form = byId("member-form");
  const email = byId("member-email");
  const error = byId("member-error");
  const path = `albums/${album.id}/members/`;

  const show = async () => {
    const [members, me] = await Promise.all([getAll(path), get("me/")]);
    byId("member-list").replaceChildren(...members.map(memberRow(album, path, me, attempt)));
  };
  async function attempt(work) {
    error.textContent = "";
    try {
      await work();
    } catch (problem) {
      error.textContent = problem.message;
    }
    await show().catch((problem) => {
      error.textContent = problem.message;
    });
  }

  closable(dialog);
  const isOwner = album.role === "owner";
  form.hidden = byId("share-part").hidden = !isOwner;
  const showLinks = mountShareLinks(() => ({ album: album.id }));
  byId("album-members").hidden = false;
  byId("album-members").addEventListener("click", () => {
    dialog.showModal();
    attempt(async () => {});
    if (isOwner) showLinks();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      await post(path, { email: email.value.trim(), role: byId("member-role").value });
      email.value = "";
    });
  });
}
