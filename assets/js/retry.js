/** Retries with backoff, for errors of the connection or of a busy server. */
import { ApiError, hasStatus } from "./api.js";

const BACKOFF_MS = [1000, 2000, 4000, 8000];

/** The code of the storage's errors. A retry gets a new URL, which helps if a signature has expired. */
export const PART_FAILED = "part_failed";

const TEMPORARY_CODES = new Set([PART_FAILED, "throttled"]);

/**
 * Return whether the server could not be reached.
 * @param {unknown} error
 * @returns {boolean}
 */
export const isUnreachable = (error) => hasStatus(error, 0);

/**
 * Return whether the same request may succeed in a moment.
 * @param {unknown} error
 * @returns {error is ApiError}
 */
export function isTemporary(error) {
  if (!(error instanceof ApiError)) return false;
  return isUnreachable(error) || error.status >= 500 || TEMPORARY_CODES.has(error.code);
}

/**
 * Wait. Go on earlier if the browser is online again, and reject if the signal aborts.
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const listeners = new AbortController();
    const stop = () => {
      clearTimeout(timer);
      listeners.abort();
    };
    const finish = () => {
      stop();
      resolve();
    };
    const fail = () => {
      stop();
      reject(signal?.reason);
    };
    const timer = setTimeout(finish, milliseconds);
    window.addEventListener("online", finish, { signal: listeners.signal });
    signal?.addEventListener("abort", fail, { signal: listeners.signal });
  });
}

/**
 * Run the work, and retry it after temporary errors, up to four times. Throw the last error.
 * @template T
 * @param {(reset: () => void) => Promise<T>} work calls `reset` when it has made progress: then all
 *   retries are available again
 * @param {{signal?: AbortSignal, onPause?: (error: ApiError) => void}} [options]
 * @returns {Promise<T>}
 */
export async function retry(work, { signal, onPause } = {}) {
  let failures = 0;
  const reset = () => {
    failures = 0;
  };
  for (;;) {
    try {
      return await work(reset);
    } catch (error) {
      signal?.throwIfAborted();
      if (!isTemporary(error) || failures === BACKOFF_MS.length) throw error;
      onPause?.(error);
      await pause(BACKOFF_MS[failures], signal);
      failures += 1;
    }
  }
}
