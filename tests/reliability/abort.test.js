// What an abort of the caller ends, and what it leaves alone.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, test } from "node:test";

import { never, useClient } from "../support/client.js";

const calls = useClient();

describe("an abort", () => {
  const reason = { why: "changed my mind" };
  let controller;
  beforeEach(() => (controller = new AbortController()));
  afterEach(() =>
    assert.equal(
      getEventListeners(controller.signal, "abort").length,
      0,
      "a listener was left behind",
    ),
  );

  const aborted = (call) => assert.rejects(call, (error) => error === reason);

  test("before the call makes no request", async () => {
    controller.abort(reason);
    await aborted(() => calls.tokens.create({ userId: "user_1" }, { signal: controller.signal }));
    assert.deepEqual(await calls.control.requests(), []);
  });

  test("comes after bad input", async () => {
    controller.abort(reason);
    await assert.rejects(() => calls.tokens.create({ userId: "" }, { signal: controller.signal }), {
      code: "invalid_argument",
    });
  });

  test("stops the fetch in flight", async () => {
    let seen;
    const fetch = (_, { signal }) => {
      seen = signal;
      queueMicrotask(() => controller.abort(reason));
      return never();
    };
    await aborted(() => calls.client({ fetch }).revoke("sit_1", { signal: controller.signal }));
    assert.equal(seen.aborted, true);
    assert.equal(seen.reason, reason);
  });

  test("stops the key's look-up", async () => {
    const secretKey = () => {
      queueMicrotask(() => controller.abort(reason));
      return never();
    };
    await aborted(() => calls.client({ secretKey }).revoke("sit_1", { signal: controller.signal }));
    assert.deepEqual(await calls.control.requests(), []);
  });

  test("stops a wait", async () => {
    await calls.control.fault({ status: 429, headers: { "retry-after": "3600" } });
    const onAttempt = ({ retryIn }) => retryIn && controller.abort(reason);
    await aborted(() =>
      calls
        .client({ onAttempt })
        .revoke("sit_1", { signal: controller.signal, timeout: 2 ** 31 - 1 }),
    );
    assert.equal((await calls.control.requests()).length, 1);
  });

  test("stops the reading of the answer, and cancels it", async () => {
    let cancelled = false;
    const body = new ReadableStream(
      { pull: () => controller.abort(reason), cancel: () => void (cancelled = true) },
      { highWaterMark: 0 },
    );
    await aborted(() =>
      calls.client({ fetch: async () => new Response(body) }).revoke("sit_1", {
        signal: controller.signal,
      }),
    );
    await new Promise(setImmediate);
    assert.equal(cancelled, true);
  });

  test("lets go of an answer that comes later", async () => {
    let cancelled = false;
    let answer;
    const fetch = () => {
      queueMicrotask(() => controller.abort(reason));
      return new Promise((resolve) => (answer = resolve));
    };
    await aborted(() => calls.client({ fetch }).revoke("sit_1", { signal: controller.signal }));
    answer(new Response(new ReadableStream({ cancel: () => void (cancelled = true) })));
    await new Promise(setImmediate);
    assert.equal(cancelled, true);
  });

  test("with no reason is an AbortError, as fetch has it", async () => {
    controller.abort();
    await assert.rejects(() => calls.tokens.revoke("sit_1", { signal: controller.signal }), {
      name: "AbortError",
    });
  });

  test("after success changes nothing, and the signal serves many calls", async () => {
    const { signal } = controller;
    const all = await Promise.all(
      Array.from({ length: 20 }, () => calls.tokens.create({ userId: "user_1" }, { signal })),
    );
    controller.abort(reason);
    assert.equal(new Set(all.map(({ id }) => id)).size, 20);
  });
});
