/** One request that sends a part of a file to the storage: our own server, or a bucket. */
import { ApiError, toError } from "./api.js";
import { PART_FAILED } from "./retry.js";

/** @import { UploadPart } from "./api-types.js" */

/** Longer than a slow connection takes to send what the system has buffered. */
const STALLED_MS = 180_000;

/**
 * Build the request's body: the bytes, or a form if the storage expects fields.
 * @param {Pick<UploadPart, "fields">} part
 * @param {Blob} bytes
 * @returns {Blob | FormData}
 */
export function buildBody({ fields }, bytes) {
  const names = Object.keys(fields);
  if (names.length === 0) return bytes;
  const form = new FormData();
  for (const name of names) form.append(name, fields[name]);
  // Last: the storage ignores fields that follow the file.
  form.append("file", bytes);
  return form;
}

/** @param {number} status */
function buildError(status) {
  if (status >= 500) return toError(status, null);
  return new ApiError(`The storage did not take this file (${status}).`, {
    code: PART_FAILED,
    status,
  });
}

/**
 * Send a part. Reject with an `ApiError` if it fails, and with the signal's reason if it aborts.
 * The request has no token, because the URL itself is signed. It is no `fetch`, because that does
 * not report how much has been sent.
 * @param {UploadPart} part
 * @param {Blob} bytes
 * @param {{signal: AbortSignal, onProgress: (bytes: number) => void}} options
 * @returns {Promise<void>}
 */
export function sendPart(part, bytes, { signal, onProgress }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const call = new XMLHttpRequest();
    const start = performance.now();
    call.open(part.method, part.url);
    for (const [name, value] of Object.entries(part.headers)) call.setRequestHeader(name, value);
    call.timeout = STALLED_MS;
    call.upload.onprogress = (event) => {
      // The timeout counts from the start of the request.
      call.timeout = performance.now() - start + STALLED_MS;
      // A form is a little longer than the file in it.
      onProgress(Math.min(event.loaded, part.length));
    };
    call.onload = () =>
      call.status >= 200 && call.status < 300 ? resolve() : reject(buildError(call.status));
    call.onerror = () => reject(toError(0, null));
    call.ontimeout = () => reject(toError(0, null));
    call.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => call.abort(), { once: true });
    call.send(buildBody(part, bytes));
  });
}
