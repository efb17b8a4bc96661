/** Who may see an album, and what they may do in it. */
import { destroy, getAll, patch, post } from "./api.js";
import { closable } from "./dialog.js";
import { byId, el } from "./dom.js";

const ROLES = [["viewer", "view"], ["editor", "edit"], ["owner", "own"]];

/**
 * @param {any} album
 */
export function mountMembers(album) {
  const dialog = byId("members-dialog");
  const list = byId("member-list");
  const form = byId("member-form");
  const email = byId("member-email");
  const error = byId("member-error");
  const path = `albums/${album.id}/members/`;
  const owner = album.role === "owner";

  const attempt = async (work) => {
    error.textContent = "";
    try {
      await work();
    } catch (problem) {
      error.textContent = problem.message;
    }
    await show();
  };
  const roleOf = (member) => {
    const select = el("select", { "aria-label": `What ${member.email} may do` }, ...ROLES.map(([value, text]) => el("option", { value }, text)));
    select.value = member.role;
    select.addEventListener("change", () => attempt(() => patch(`${path}${member.id}/`, { role: select.value })));
    return select;
  };
  const row = (member) =>
    el(
      "li",
      {},
      el("span", {}, member.email),
      owner ? roleOf(member) : el("span", { class: "badge" }, member.role),
      owner && el("button", { class: "button button-small button-danger", type: "button", "aria-label": `Remove ${member.email}`, onclick: () => attempt(() => destroy(`${path}${member.id}/`)) }, "Remove"),
    );
  const show = async () => list.replaceChildren(...(await getAll(path)).map(row));

  closable(dialog);
  form.hidden = !owner;
  byId("album-members").addEventListener("click", () => {
    dialog.showModal();
    attempt(async () => {});
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      await post(path, { email: email.value.trim(), role: byId("member-role").value });
      email.value = "";
    });
  });
}
