// Tests what the caller's abort stops, and what it does not affect.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, test } from "node:test";

import type { AttemptEvent, FetchLike } from "clerk-sign-in-tokens";

import { never, useClient } from "../support/client.ts";

const calls = useClient();

describe("an abort", () => {
  const reason = { why: "changed my mind" };
  let controller: AbortController;
  beforeEach(() => (controller = new AbortController()));
  afterEach(() =>
    assert.equal(
      getEventListeners(controller.signal, "abort").length,
      0,
      "a listener is still attached",
    ),
  );

  const aborted = (call: Promise<unknown>) => assert.rejects(call, (error) => error === reason);

  test("before the call sends no request", async () => {
    controller.abort(reason);
    await aborted(calls.tokens.create({ userId: "user_1" }, { signal: controller.signal }));
    assert.deepEqual(await calls.control.requests(), []);
  });

  test("is reported only if the arguments are valid", async () => {
    controller.abort(reason);
    await assert.rejects(calls.tokens.create({ userId: "" }, { signal: controller.signal }), {
      code: "invalid_argument",
    });
  });

  test("stops the fetch in flight", async () => {
    let seen: AbortSignal | undefined;
    const fetch: FetchLike = (_, { signal }) => {
      seen = signal;
      queueMicrotask(() => controller.abort(reason));
      return never();
    };
    await aborted(calls.client({ fetch }).revoke("sit_1", { signal: controller.signal }));
    assert.equal(seen?.aborted, true);
    assert.equal(seen.reason, reason);
  });

  test("stops the key lookup", async () => {
    const secretKey = () => {
      queueMicrotask(() => controller.abort(reason));
      return never();
    };
    await aborted(calls.client({ secretKey }).revoke("sit_1", { signal: controller.signal }));
    assert.deepEqual(await calls.control.requests(), []);
  });

  test("stops the wait before a retry", async () => {
    await calls.control.fault({ status: 429, headers: { "retry-after": "3600" } });
    const onAttempt = ({ retryIn }: AttemptEvent) => retryIn && controller.abort(reason);
    const options = { signal: controller.signal, timeout: 2 ** 31 - 1 };
    await aborted(calls.client({ onAttempt }).revoke("sit_1", options));
    assert.equal((await calls.control.requests()).length, 1);
  });

  test("stops reading the answer, and cancels its body", async () => {
    let cancelled = false;
    const body = new ReadableStream(
      { pull: () => controller.abort(reason), cancel: () => void (cancelled = true) },
      { highWaterMark: 0 },
    );
    const fetch = async () => new Response(body);
    await aborted(calls.client({ fetch }).revoke("sit_1", { signal: controller.signal }));
    await new Promise(setImmediate);
    assert.equal(cancelled, true);
  });

  test("cancels the body of an answer that arrives later", async () => {
    let cancelled = false;
    const { promise, resolve } = Promise.withResolvers<Response>();
    const fetch = () => {
      queueMicrotask(() => controller.abort(reason));
      return promise;
    };
    await aborted(calls.client({ fetch }).revoke("sit_1", { signal: controller.signal }));
    resolve(new Response(new ReadableStream({ cancel: () => void (cancelled = true) })));
    await new Promise(setImmediate);
    assert.equal(cancelled, true);
  });

  test("without a reason rejects with an AbortError, like fetch", async () => {
    controller.abort();
    await assert.rejects(calls.tokens.revoke("sit_1", { signal: controller.signal }), {
      name: "AbortError",
    });
  });

  test("of one signal ends all its calls, which share one listener", async () => {
    const { signal } = controller;
    const listeners = () => getEventListeners(signal, "abort").length;
    const warnings: string[] = [];
    const note = ({ name }: Error) => warnings.push(name);
    process.on("warning", note);
    // The first 25 requests are answered, the others stay in flight.
    await calls.control.fault({ times: 25, delay: 0 });
    await calls.control.fault({ times: 25, delay: 600_000 });
    const { promise: half, resolve } = Promise.withResolvers<void>();
    let answered = 0;
    const all = Array.from({ length: 50 }, async () => {
      const call = calls.tokens.create({ userId: "user_1" }, { signal });
      await call.then(
        () => ++answered === 25 && resolve(),
        (error) => assert.equal(error, reason),
      );
    });
    assert.equal(listeners(), 1);
    await half;
    assert.equal(listeners(), 1);
    controller.abort(reason);
    await Promise.all(all);
    // Node warns in the next turn of the event loop.
    await new Promise(setImmediate);
    process.off("warning", note);
    assert.deepEqual([answered, warnings], [25, []]);
  });

  test("is impossible where the signal is null", async () => {
    const { status } = await calls.tokens.create({ userId: "user_1" }, { signal: null });
    assert.equal(status, "pending");
  });
});
