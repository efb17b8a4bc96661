/** The client of the REST API: JSON in and out under /api/v1/, with the session's CSRF token. */

/** A failed request: `message` is for people; `code` and `status` are for the program. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {{code: string, status: number}} details `status` is 0 if the server could not be reached
   */
  constructor(message, { code, status }) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/**
 * Return whether the error is an `ApiError` with one of these statuses.
 * @param {unknown} error
 * @param {...number} statuses
 * @returns {error is ApiError}
 */
export function hasStatus(error, ...statuses) {
  return error instanceof ApiError && statuses.includes(error.status);
}

/**
 * Return the message of anything that can be thrown.
 * @param {unknown} error
 * @returns {string}
 */
export const getMessage = (error) => (error instanceof Error ? error.message : String(error));

/**
 * Read the JSON that the page's template embeds for its script.
 * @returns {Record<string, any>} empty if there is none
 */
export function readPageConfig() {
  const script = document.getElementById("page-config");
  return (script && JSON.parse(script.textContent || "null")) || {};
}

const ROOT = "/api/v1/";

/**
 * Build the URL of an API call.
 * @param {string} path relative to the API's root, or a URL from an API response
 * @returns {string}
 */
export function buildApiUrl(path) {
  return /^(https?:)?\//.test(path) ? path : ROOT + path;
}

/**
 * Read the CSRF token from the cookie, or from the page if the cookie is hidden from scripts.
 * @returns {string} empty if there is none
 */
export function readCsrfToken() {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  if (cookie) return decodeURIComponent(cookie.slice("csrftoken=".length));
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") || "";
}

/** @type {Record<number, string>} */
const MESSAGES = {
  0: "The server can't be reached. Check your connection and try again.",
  401: "You are signed out.",
  403: "You don't have the right to do this.",
  404: "This is no longer there.",
  413: "This file is larger than the server takes.",
  429: "That was too much at once. Wait a moment, then try again.",
};

/**
 * Build the error of a failed response.
 * @param {number} status 0 if there was no response
 * @param {any} body the problem+json (RFC 9457), or null if the body was something else
 * @returns {ApiError}
 */
export function toError(status, body) {
  /** @type {{detail: string}[]} */
  const errors = body?.errors || [];
  const details = errors.map(({ detail }) => detail).join(" ");
  const fallback =
    MESSAGES[status] || `The server could not do this (${status}). Please try again.`;
  const message =
    status === 401 ? MESSAGES[401] : details || body?.detail || body?.title || fallback;
  return new ApiError(message, { code: body?.code || `http_${status}`, status });
}

/**
 * Parse JSON, or return null if the text is none.
 * @param {string} text
 */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Send a request. Throw an `ApiError` if it fails, and pass an `AbortError` on.
 * @param {string} method
 * @param {string} path
 * @param {{json?: any, form?: FormData, signal?: AbortSignal}} [options]
 * @returns {Promise<any>} the response's JSON, or null if it has no body
 */
export async function request(method, path, { json, form, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = readCsrfToken();
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = form || (json === undefined ? undefined : JSON.stringify(json));
  let response;
  let data;
  try {
    response = await fetch(buildApiUrl(path), {
      method,
      headers,
      body,
      signal,
      credentials: "same-origin",
    });
    data = parseJson(await response.text());
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
 * Get every item of a paginated list.
 * @param {string} path
 * @returns {Promise<any[]>}
 */
export async function getAll(path) {
  const items = [];
  for (let next = path; next; ) {
    const page = await get(next);
    items.push(...page.results);
    next = page.next && toSameOrigin(page.next);
  }
  return items;
}

/**
 * Return the path and query of a URL that the API returned. Behind a proxy its host may be
 * another one than this page's, so requests go to the page's own host.
 * @param {string} url
 * @returns {string}
 */
export function toSameOrigin(url) {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}
