/** The one door to the server: JSON in and out under /api/v1/, with the session's CSRF token. */

/** What went wrong, in words for people (`message`) and for code (`code`, `status`). */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {{code: string, status: number}} facts
   */
  constructor(message, { code, status }) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/**
 * The JSON that the page's template embeds for its script.
 * @returns {Record<string, any>}
 */
export function pageConfig() {
  const holder = document.getElementById("page-config");
  return (holder && JSON.parse(holder.textContent || "null")) || {};
}

const ROOT = "/api/v1/";

/**
 * @param {string} path relative to the API's root, or an address that the API gave
 * @returns {string}
 */
export function apiUrl(path) {
  return /^(https?:)?\//.test(path) ? path : ROOT + path;
}

/** @returns {string} */
export function csrfToken() {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  if (cookie) return decodeURIComponent(cookie.slice("csrftoken=".length));
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") || "";
}

const WORDS = {
  0: "The server can't be reached. Check your connection and try again.",
  401: "You are signed out.",
  403: "You don't have the right to do this.",
  404: "This is no longer there.",
  413: "This file is larger than the server takes.",
  429: "That was too much at once. Wait a moment, then try again.",
};

/**
 * @param {number} status 0 when there was no answer
 * @param {any} body problem+json, or null when the answer was something else
 * @returns {ApiError}
 */
export function toError(status, body) {
  const fields = (body?.errors || []).map((fault) => fault.detail).join(" ");
  const fallback = WORDS[status] || `The server could not do this (${status}). Please try again.`;
  const message = status === 401 ? WORDS[401] : fields || body?.detail || body?.title || fallback;
  return new ApiError(message, { code: body?.code || `http_${status}`, status });
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{json?: any, form?: FormData, signal?: AbortSignal}} [options]
 * @returns {Promise<any>} the answer's JSON, or null when it has no body
 */
export async function request(method, path, { json, form, signal } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = form || (json === undefined ? undefined : JSON.stringify(json));
  let response;
  let data;
  try {
    response = await fetch(apiUrl(path), { method, headers, body, signal, credentials: "same-origin" });
    data = parse(await response.text());
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw toError(0, null);
  }
  if (!response.ok) throw toError(response.status, data);
  return data;
}

/** @param {string} path */
export const get = (path) => request("GET", path);

/**
 * @param {string} path
 * @param {any} [json]
 */
export const post = (path, json = {}) => request("POST", path, { json });

/**
 * @param {string} path
 * @param {any} json
 */
export const patch = (path, json) => request("PATCH", path, { json });

/** @param {string} path */
export const destroy = (path) => request("DELETE", path);

/**
 * Every item of a paged list.
 * @param {string} path
 * @returns {Promise<any[]>}
 */
export async function getAll(path) {
  const items = [];
  for (let next = path; next; ) {
    const page = await get(next);
    items.push(...page.results);
    next = page.next && sameOrigin(page.next);
  }
  return items;
}

/**
 * The path of an address that the API gave: behind a proxy its host may be another one.
 * @param {string} address
 * @returns {string}
 */
export function sameOrigin(address) {
  const url = new URL(address, location.href);
  return url.pathname + url.search;
}
