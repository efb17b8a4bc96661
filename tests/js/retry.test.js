import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ApiError, toError } from "../../assets/js/api.js";
import { isResumable } from "../../assets/js/direct-upload.js";
import { isTemporary, isUnreachable, PART_FAILED, retry } from "../../assets/js/retry.js";

const BUSY = toError(503, null);
const OFFLINE = toError(0, null);

beforeEach(() => {
  Object.assign(globalThis, { window: new EventTarget() });
});

/** @param {number} status @param {string} code */
const buildError = (status, code) => new ApiError("m", { code, status });

/**
 * Run `retry` with the clock of the test.
 * @param {import("node:test").TestContext} context
 * @param {(reset: () => void) => Promise<any>} work
 * @param {AbortSignal} [signal]
 */
function start(context, work, signal) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {ApiError[]} */
  const pauses = [];
  const result = retry(work, { signal, onPause: (error) => pauses.push(error) });
  result.catch(() => null);
  /** @param {number} milliseconds */
  const tick = async (milliseconds) => {
    await settle();
    context.mock.timers.tick(milliseconds);
    await settle();
  };
  return { result, pauses, tick };
}

/** Let every promise that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("which errors are temporary, and which are resumable", () => {
  const temporary = [OFFLINE, BUSY, buildError(429, "throttled"), buildError(403, PART_FAILED)];
  for (const error of temporary) assert.ok(isTemporary(error) && isResumable(error));
  for (const status of [401, 429]) {
    assert.equal(isTemporary(buildError(status, "quota")), false);
    assert.equal(isResumable(buildError(status, "quota")), true);
  }
  for (const error of [buildError(422, "invalid"), new Error("m"), null, undefined, "text"]) {
    assert.equal(isTemporary(error), false);
    assert.equal(isResumable(error), false);
  }
  assert.equal(isUnreachable(OFFLINE), true);
  assert.equal(isUnreachable(BUSY), false);
});

test("work that succeeds runs once", async (context) => {
  const { result, pauses } = start(context, async () => "done");
  assert.equal(await result, "done");
  assert.deepEqual(pauses, []);
});

test("a temporary error is retried after a pause", async (context) => {
  let runs = 0;
  const { result, pauses, tick } = start(context, async () => {
    runs += 1;
    if (runs === 1) throw BUSY;
    return "done";
  });
  await tick(999);
  assert.equal(runs, 1);
  await tick(1);
  assert.equal(await result, "done");
  assert.deepEqual(pauses, [BUSY]);
});

test("four retries, each after a longer pause, then the error is thrown", async (context) => {
  let runs = 0;
  const { result, tick } = start(context, async () => {
    runs += 1;
    throw BUSY;
  });
  for (const milliseconds of [1000, 2000, 4000]) {
    await tick(milliseconds);
  }
  await tick(7999);
  assert.equal(runs, 4);
  await tick(1);
  assert.equal(runs, 5);
  await assert.rejects(result, BUSY);
});

test("progress makes all retries available again", async (context) => {
  let runs = 0;
  const { result, tick } = start(context, async (reset) => {
    runs += 1;
    if (runs % 2 === 0) reset();
    if (runs < 12) throw BUSY;
    return "done";
  });
  for (let i = 0; i < 12; i += 1) await tick(2000);
  assert.equal(await result, "done");
});

test("a permanent error is thrown at once", async (context) => {
  const error = buildError(422, "invalid");
  const { result, pauses } = start(context, async () => {
    throw error;
  });
  await assert.rejects(result, error);
  assert.deepEqual(pauses, []);
});

test("a browser that is online again ends the pause", async (context) => {
  let runs = 0;
  const { result } = start(context, async () => {
    runs += 1;
    if (runs === 1) throw OFFLINE;
    return "done";
  });
  await settle();
  window.dispatchEvent(new Event("online"));
  assert.equal(await result, "done");
});

test("an abort ends the pause with the signal's reason", async (context) => {
  const controller = new AbortController();
  const work = async () => {
    throw BUSY;
  };
  const { result } = start(context, work, controller.signal);
  await settle();
  controller.abort();
  await assert.rejects(result, { name: "AbortError" });
});

test("an abort during the work wins over its error", async (context) => {
  const controller = new AbortController();
  const work = async () => {
    controller.abort();
    throw BUSY;
  };
  const { result, pauses } = start(context, work, controller.signal);
  await assert.rejects(result, { name: "AbortError" });
  assert.deepEqual(pauses, []);
});
