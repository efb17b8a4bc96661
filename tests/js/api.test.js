import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import {
  ApiError,
  buildApiUrl,
  getAll,
  getMessage,
  hasStatus,
  patch,
  readCsrfToken,
  request,
  toError,
  toSameOrigin,
} from "../../assets/js/api.js";

/** @type {{url: string, init: RequestInit}[]} */
let calls;

/**
 * Let `fetch` return these responses in turn, and note the calls.
 * @param {...(Response | Error)} responses
 */
function stubFetch(...responses) {
  calls = [];
  /** @param {string} url @param {RequestInit} init */
  const fetch = async (url, init) => {
    calls.push({ url, init });
    const response = responses.shift();
    if (response instanceof Error || response === undefined) throw response;
    return response;
  };
  Object.assign(globalThis, { fetch });
}

/** @param {string} cookie @param {string | null} [meta] */
function stubPage(cookie, meta = null) {
  const element = meta === null ? null : { getAttribute: () => meta };
  Object.assign(globalThis, {
    document: { cookie, querySelector: () => element },
    location: { href: "https://vanish.example/photos/" },
  });
}

beforeEach(() => stubPage("a=1; csrftoken=to%20ken; b=2"));

test("a path is relative to the API, a URL stays as it is", () => {
  assert.equal(buildApiUrl("photos/"), "/api/v1/photos/");
  assert.equal(buildApiUrl("/media/x"), "/media/x");
  assert.equal(buildApiUrl("https://bucket.example/x"), "https://bucket.example/x");
  assert.equal(buildApiUrl("//bucket.example/x"), "//bucket.example/x");
});

test("a URL of another host becomes a path of this one", () => {
  const url = "http://internal:8000/api/v1/photos/?cursor=a%3D";
  assert.equal(toSameOrigin(url), "/api/v1/photos/?cursor=a%3D");
  assert.equal(toSameOrigin("?cursor=b"), "/photos/?cursor=b");
});

test("the CSRF token comes from the cookie, else from the page", () => {
  assert.equal(readCsrfToken(), "to ken");
  stubPage("notcsrftoken=1", "from-page");
  assert.equal(readCsrfToken(), "from-page");
  stubPage("");
  assert.equal(readCsrfToken(), "");
});

test("a read has no CSRF token, a change has one and a JSON body", async () => {
  stubFetch(Response.json({ id: 1 }), Response.json({ id: 2 }));
  assert.deepEqual(await request("GET", "photos/1/"), { id: 1 });
  await patch("photos/1/", { title: "A" });
  const [read, change] = calls;
  assert.deepEqual(read.init.headers, { Accept: "application/json" });
  assert.equal(read.init.body, undefined);
  assert.deepEqual(change.init.headers, {
    Accept: "application/json",
    "Content-Type": "application/json",
    "X-CSRFToken": "to ken",
  });
  assert.equal(change.init.body, '{"title":"A"}');
});

test("an empty response is null", async () => {
  stubFetch(new Response(null, { status: 204 }));
  assert.equal(await request("DELETE", "photos/1/"), null);
});

test("a problem becomes an ApiError with its code and the fields' messages", async () => {
  const body = { code: "invalid", title: "T", errors: [{ detail: "Bad." }, { detail: "Worse." }] };
  stubFetch(Response.json(body, { status: 422 }));
  await assert.rejects(request("POST", "photos/"), {
    name: "ApiError",
    message: "Bad. Worse.",
    code: "invalid",
    status: 422,
  });
});

test("a page of HTML instead of JSON is an error with our own words", async () => {
  stubFetch(new Response("<html>", { status: 502 }));
  await assert.rejects(request("GET", "x/"), { code: "http_502", message: /\(502\)/ });
});

test("a lost connection has status 0, an abort stays an abort", async () => {
  stubFetch(new TypeError("network"));
  await assert.rejects(request("GET", "x/"), { name: "ApiError", status: 0 });
  stubFetch(new DOMException("stop", "AbortError"));
  await assert.rejects(request("GET", "x/"), { name: "AbortError" });
});

test("detail comes before title, and 401 has always the same words", () => {
  assert.equal(toError(409, { title: "T", detail: "D" }).message, "D");
  assert.equal(toError(409, { title: "T" }).message, "T");
  assert.equal(toError(401, { detail: "D" }).message, "You are signed out.");
  assert.match(toError(418, null).message, /418/);
  assert.equal(toError(418, {}).code, "http_418");
});

test("all pages of a list are read, from this host", async () => {
  const next = "http://internal/api/v1/albums/?cursor=2";
  stubFetch(Response.json({ results: [1, 2], next }), Response.json({ results: [3], next: null }));
  assert.deepEqual(await getAll("albums/"), [1, 2, 3]);
  assert.deepEqual(
    calls.map(({ url }) => url),
    ["/api/v1/albums/", "/api/v1/albums/?cursor=2"],
  );
});

test("a status belongs to an ApiError only", () => {
  const error = new ApiError("m", { code: "c", status: 404 });
  assert.equal(hasStatus(error, 401, 404), true);
  assert.equal(hasStatus(error, 401), false);
  assert.equal(hasStatus({ status: 404 }, 404), false);
});

test("anything thrown has a message", () => {
  assert.equal(getMessage(new Error("m")), "m");
  assert.equal(getMessage("text"), "text");
  assert.equal(getMessage(undefined), "undefined");
});
