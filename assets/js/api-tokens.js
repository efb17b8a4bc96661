/** The page of API tokens. */
import { destroy, getAll, getMessage, post } from "./api.js";
import { askConfirm } from "./dialog.js";
import { copyText, createElement, getElement } from "./dom.js";
import { formatDay } from "./format.js";
import { showError, showToast } from "./toast.js";

/** @import { ApiToken } from "./api-types.js" */

const PATH = "auth/tokens/";
const form = getElement("token-form", HTMLFormElement);

/**
 * @param {string} selector
 * @returns {NodeListOf<HTMLInputElement>}
 */
const findBoxes = (selector) => form.querySelectorAll(selector);

/** @param {ApiToken} token */
function describeToken({ scopes, expires_at: expiresAt, last_used_at: usedAt }) {
  const isExpired = expiresAt && new Date(expiresAt) < new Date();
  const expiry = expiresAt
    ? `${isExpired ? "ended" : "ends"} ${formatDay(expiresAt)}`
    : "never ends";
  const use = usedAt ? `last used ${formatDay(usedAt)}` : "not used yet";
  return [scopes.join(", "), expiry, use].join(" · ");
}

/** Disable the scopes that "read" or "write" already includes. */
function disableIncludedScopes() {
  for (const box of findBoxes('[name="scopes"]')) {
    const [, verb] = box.value.split(":");
    if (!verb) continue;
    const [everything] = findBoxes(`[name="scopes"][value="${verb}"]`);
    box.disabled = everything.checked;
    box.indeterminate = everything.checked;
  }
}

/** Open the narrower scopes unless everything is chosen. */
function toggleNarrowScopes() {
  const isNarrow =
    findBoxes('[value="read"]:not(:checked), [value="write"]:not(:checked)').length > 0;
  getElement("token-narrow", HTMLDetailsElement).open = isNarrow;
}

function updateScopes() {
  disableIncludedScopes();
  toggleNarrowScopes();
}

/** @param {ApiToken} token */
async function revokeToken({ id, name }) {
  const text = "Programs that use this token stop working at once.";
  if (!(await askConfirm({ title: `Revoke “${name}”?`, text, action: "Revoke" }))) return;
  await destroy(`${PATH}${id}/`);
  showToast("The token is revoked.");
  await showTokens();
}

/** @param {ApiToken} token */
function createRow(token) {
  const button = createElement(
    "button",
    {
      class: "button button-small button-danger",
      type: "button",
      "aria-label": `Revoke ${token.name}`,
      onclick: () => revokeToken(token).catch(showError),
    },
    "Revoke",
  );
  const about = createElement("p", {}, describeToken(token));
  return createElement(
    "li",
    {},
    createElement("div", {}, createElement("strong", {}, token.name), about),
    button,
  );
}

async function showTokens() {
  const tokens = await getAll(PATH);
  getElement("token-list").replaceChildren(...tokens.map(createRow));
  getElement("token-state").textContent = tokens.length ? "" : "You have no tokens.";
}

/**
 * @param {string} name
 * @param {string[]} scopes
 * @returns {string} empty if a token can be created
 */
function findProblem(name, scopes) {
  if (!name) return "Give the token a name, so that you know it again.";
  return scopes.length ? "" : "Tick what the token may do.";
}

async function createToken() {
  const scopes = [...findBoxes('[name="scopes"]:checked:enabled')].map(({ value }) => value);
  const name = getElement("token-name", HTMLInputElement).value.trim();
  const days = Number(getElement("token-days", HTMLSelectElement).value);
  const error = getElement("token-error");
  const problem = findProblem(name, scopes);
  error.textContent = problem;
  if (problem) return;
  try {
    const { token } = await post(PATH, { name, scopes, expires_in_days: days });
    getElement("token-value").textContent = token;
    getElement("token-new").hidden = false;
    getElement("token-copy").focus();
    form.reset();
    updateScopes();
  } catch (failure) {
    error.textContent = getMessage(failure);
  }
}

async function copyToken() {
  if (await copyText(getElement("token-value").textContent || "")) showToast("Copied.");
  else {
    const text = "The browser did not allow copying. Mark the token and copy it by hand.";
    showToast(text, { danger: true });
  }
}

form.addEventListener("change", disableIncludedScopes);
for (const box of findBoxes('[value="read"], [value="write"]'))
  box.addEventListener("change", toggleNarrowScopes);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await createToken();
  showTokens().catch(showError);
});
getElement("token-copy").addEventListener("click", copyToken);
updateScopes();
showTokens().catch(showError);
