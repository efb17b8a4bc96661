/** The page of API tokens. */
import { destroy, getAll, post } from "./api.js";
import { askConfirm } from "./dialog.js";
import { byId, copyText, el } from "./dom.js";
import { day } from "./format.js";
import { toast, toastError } from "./toast.js";

const PATH = "auth/tokens/";
const form = byId("token-form");

/** @param {any} token */
function about(token) {
  const ended = token.expires_at && new Date(token.expires_at) < new Date();
  const end = token.expires_at ? `${ended ? "ended" : "ends"} ${day(token.expires_at)}` : "never ends";
  const use = token.last_used_at ? `last used ${day(token.last_used_at)}` : "not used yet";
  return [token.scopes.join(", "), end, use].join(" · ");
}

/** Whoever may read or write everything needs no narrower scope of that kind. */
function disableCovered() {
  for (const box of form.querySelectorAll('[name="scopes"]')) {
    const [, verb] = box.value.split(":");
    if (!verb) continue;
    const covering = form.querySelector(`[name="scopes"][value="${verb}"]`);
    box.disabled = covering.checked;
    box.indeterminate = covering.checked;
  }
}

/** The narrower scopes stand open as soon as not everything is chosen. */
function foldNarrower() {
  byId("token-narrow").open = Boolean(form.querySelector('[value="read"]:not(:checked), [value="write"]:not(:checked)'));
}

async function revoke(token) {
  const agreed = await askConfirm({ title: `Revoke “${token.name}”?`, text: "Programs that use this token stop working at once.", action: "Revoke" });
  if (!agreed) return;
  await destroy(`${PATH}${token.id}/`);
  toast("The token is revoked.");
  await show();
}

/** @param {any} token */
function row(token) {
  const onclick = () => revoke(token).catch(toastError);
  const button = el("button", { class: "button button-small button-danger", type: "button", "aria-label": `Revoke ${token.name}`, onclick }, "Revoke");
  return el("li", {}, el("div", {}, el("strong", {}, token.name), el("p", {}, about(token))), button);
}

async function show() {
  const tokens = await getAll(PATH);
  byId("token-list").replaceChildren(...tokens.map(row));
  byId("token-state").textContent = tokens.length ? "" : "You have no tokens.";
}

async function create() {
  const scopes = [...form.querySelectorAll('[name="scopes"]:checked:enabled')].map((box) => box.value);
  const name = byId("token-name").value.trim();
  const error = byId("token-error");
  error.textContent = "";
  if (!name) error.textContent = "Give the token a name, so that you know it again.";
  else if (!scopes.length) error.textContent = "Tick what the token may do.";
  if (error.textContent) return;
  try {
    const token = await post(PATH, { name, scopes, expires_in_days: Number(byId("token-days").value) });
    byId("token-value").textContent = token.token;
    byId("token-new").hidden = false;
    byId("token-copy").focus();
    form.reset();
    disableCovered();
    foldNarrower();
  } catch (problem) {
    error.textContent = problem.message;
  }
}

form.addEventListener("change", disableCovered);
for (const box of form.querySelectorAll('[value="read"], [value="write"]')) box.addEventListener("change", foldNarrower);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await create();
  show().catch(toastError);
});
byId("token-copy").addEventListener("click", async () => {
  if (await copyText(byId("token-value").textContent)) toast("Copied.");
  else toast("The browser did not allow copying. Mark the token and copy it by hand.", { danger: true });
});
disableCovered();
foldNarrower();
show().catch(toastError);
