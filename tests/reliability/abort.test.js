// Tests what the caller's abort stops, and what it does not affect.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, test } from "node:test";

import { never, useClient } from "../support/client.ts";

const calls = useClient();

describe("an abort", () => {
  const reason = { why: "changed my mind" };
  let controller;
  beforeEach(() => (controller = new AbortController()));
  afterEach(() =>
    assert.equal(
      getEventListeners(controller.signal, "abort").length,
      0,
      "a listener is still attached",
    ),
  );

  const aborted = (call) => assert.rejects(call, (error) => error === reason);

  test("before the call sends no request", async () => {
    controller.abort(reason);
    await aborted(() => calls.tokens.create({ userId: "user_1" }, { signal: controller.signal }));
    assert.deepEqual(await calls.control.requests(), []);
  });

  test("is reported only if the arguments are valid", async () => {
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

  test("stops the key lookup", async () => {
    const secretKey = () => {
      queueMicrotask(() => controller.abort(reason));
      return never();
    };
    await aborted(() => calls.client({ secretKey }).revoke("sit_1", { signal: controller.signal }));
    assert.deepEqual(await calls.control.requests(), []);
  });

  test("stops the wait before a retry", async () => {
    await calls.control.fault({ status: 429, headers: { "retry-after": "3600" } });
    const onAttempt = ({ retryIn }) => retryIn && controller.abort(reason);
    await aborted(() =>
      calls
        .client({ onAttempt })
        .revoke("sit_1", { signal: controller.signal, timeout: 2 ** 31 - 1 }),
    );
    assert.equal((await calls.control.requests()).length, 1);
  });

  test("stops reading the answer, and cancels its body", async () => {
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

  test("cancels the body of an answer that arrives later", async () => {
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

  test("without a reason rejects with an AbortError, like fetch", async () => {
    controller.abort();
    await assert.rejects(() => calls.tokens.revoke("sit_1", { signal: controller.signal }), {
      name: "AbortError",
    });
  });

  test("of one signal ends all its calls", async () => {
    const { signal } = controller;
    const all = ["user_1", "user_2", "user_3"].map((userId) =>
      aborted(() => calls.client({ fetch: never }).create({ userId }, { signal })),
    );
    controller.abort(reason);
    await Promise.all(all);
  });

  test("is impossible where the signal is null", async () => {
    const { status } = await calls.tokens.create({ userId: "user_1" }, { signal: null });
    assert.equal(status, "pending");
  });

  test("after success has no effect, and many calls can share one signal", async () => {
    const { signal } = controller;
    const all = await Promise.all(
      Array.from({ length: 20 }, () => calls.tokens.create({ userId: "user_1" }, { signal })),
    );
    controller.abort(reason);
    assert.equal(new Set(all.map(({ id }) => id)).size, 20);
  });
});
