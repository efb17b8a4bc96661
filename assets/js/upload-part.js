/** One call that brings a piece of a file to the storage: our own server, or a bucket elsewhere. */
import { ApiError, toError } from "./api.js";
import { PART_FAILED } from "./retry.js";

/** Longer than a slow line takes to empty what the system has buffered. */
const STALLED_MS = 180_000;

/** @typedef {{method: string, url: string, offset: number, length: number, fields: Record<string, string>, headers: Record<string, string>}} Part */

/**
 * @param {Part} part
 * @param {Blob} piece
 * @returns {Blob | FormData}
 */
function body({ fields }, piece) {
  const names = Object.keys(fields);
  if (names.length === 0) return piece;
  const form = new FormData();
  for (const name of names) form.append(name, fields[name]);
  // Last: the storage reads nothing that follows the file.
  form.append("file", piece);
  return form;
}

/** @param {number} status */
function refusal(status) {
  if (status >= 500) return toError(status, null);
  return new ApiError(`The storage did not take this file (${status}).`, { code: PART_FAILED, status });
}

/**
 * Make the call. It has no token: the address is the right. `fetch` can't tell how much has left.
 * @param {Part} part
 * @param {Blob} piece the part's bytes
 * @param {{signal: AbortSignal, onProgress: (bytes: number) => void}} options
 * @returns {Promise<void>}
 */
export function sendPart(part, piece, { signal, onProgress }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const call = new XMLHttpRequest();
    const began = performance.now();
    call.open(part.method, part.url);
    for (const [name, value] of Object.entries(part.headers)) call.setRequestHeader(name, value);
    call.timeout = STALLED_MS;
    call.upload.onprogress = (event) => {
      // Counts from the start of the call.
      call.timeout = performance.now() - began + STALLED_MS;
      // A form is a little longer than the file in it.
      onProgress(Math.min(event.loaded, part.length));
    };
    call.onload = () => (call.status >= 200 && call.status < 300 ? resolve() : reject(refusal(call.status)));
    call.onerror = call.ontimeout = () => reject(toError(0, null));
    call.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => call.abort(), { once: true });
    call.send(body(part, piece));
  });
}
