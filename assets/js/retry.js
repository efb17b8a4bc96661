/** Patience with what a lost connection or a busy server stopped. */
import { ApiError } from "./api.js";

const PAUSES_MS = [1000, 2000, 4000, 8000];

/** The code of errors of the storage: a new address may help, where a signature was over. */
export const PART_FAILED = "part_failed";

const PASSING = new Set([PART_FAILED, "throttled"]);

/** @param {any} error */
export const isUnreached = (error) => error instanceof ApiError && error.status === 0;

/**
 * @param {any} error
 * @returns {boolean} whether the same may go well in a moment
 */
export function isPassing(error) {
  return error instanceof ApiError && (isUnreached(error) || error.status >= 500 || PASSING.has(error.code));
}

/**
 * @param {number} milliseconds that pass at most: a connection that is back ends it sooner
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const end = (settle) => () => {
      clearTimeout(timer);
      over.abort();
      settle(signal?.reason);
    };
    const timer = setTimeout(end(resolve), milliseconds);
    window.addEventListener("online", end(resolve), { signal: over.signal });
    signal?.addEventListener("abort", end(reject), { signal: over.signal });
  });
}

/**
 * Run the work, and again after what passes: a few times since it last got on.
 * @template T
 * @param {(gotOn: () => void) => Promise<T>} work
 * @param {{signal?: AbortSignal, onPause?: (error: ApiError) => void}} [options]
 * @returns {Promise<T>}
 */
export async function persist(work, { signal, onPause } = {}) {
  let failures = 0;
  const gotOn = () => {
    failures = 0;
  };
  for (;;) {
    try {
      return await work(gotOn);
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error) || failures === PAUSES_MS.length) throw error;
      onPause?.(error);
      await pause(PAUSES_MS[failures], signal);
      failures += 1;
    }
  }
}
