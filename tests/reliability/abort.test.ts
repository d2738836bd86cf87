// Tests what the caller's abort stops, and what it does not affect: with custom signals too, and at
// an awkward time.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, test } from "node:test";

import type { AttemptEvent, FetchLike, SignInTokensOptions } from "clerk-sign-in-tokens";

import { never, useClient } from "../support/client.ts";
import { TOKEN } from "../support/token.ts";

const calls = useClient();
const reason = { why: "changed my mind" };
const aborted = (call: Promise<unknown>) => assert.rejects(call, (error) => error === reason);

describe("an abort", () => {
  let controller: AbortController;
  beforeEach(() => (controller = new AbortController()));
  afterEach(() =>
    assert.equal(
      getEventListeners(controller.signal, "abort").length,
      0,
      "a listener is still attached",
    ),
  );

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

let requests: AbortSignal[];
beforeEach(() => (requests = []));

/** Answers every request except those for `user_never`. */
const fetch: FetchLike = async (_, { body, signal }) => {
  requests.push(signal);
  return String(body).includes("user_never") ? never() : Response.json(TOKEN);
};

const create = (signal: object, userId = "user_1") =>
  calls.client({ fetch }).create({ userId }, { signal: signal as AbortSignal });

/** Creates a custom signal, with `members` overriding its own. */
function handmade(members: object = {}) {
  const listeners = new Set<(event: object) => void>();
  return {
    aborted: false,
    reason: undefined as unknown,
    listeners,
    addEventListener: (_: string, listener: (event: object) => void) =>
      void listeners.add(listener),
    removeEventListener: (_: string, listener: (event: object) => void) =>
      void listeners.delete(listener),
    abort(why?: unknown) {
      this.aborted = true;
      this.reason = why;
      for (const listener of listeners) listener({ type: "abort" });
    },
    ...members,
  };
}

function throwing(): never {
  throw new Error("no");
}

describe("a custom signal", () => {
  test("aborts a call, and keeps no listener", async () => {
    const signal = handmade();
    const call = create(signal, "user_never");
    await new Promise(setImmediate);
    assert.equal(signal.listeners.size, 1);
    signal.abort(reason);
    await aborted(call);
    assert.equal(signal.listeners.size, 0);
    assert.equal(requests.at(-1)?.aborted, true);
    assert.equal(requests.at(-1)?.reason, reason);
  });

  for (const [what, members] of [
    ["no addEventListener", { addEventListener: undefined }],
    ["an addEventListener that throws", { addEventListener: throwing }],
    ["an aborted that is not a boolean", { aborted: "no" }],
  ] as const) {
    test(`with ${what} is refused, and nothing is sent`, async () => {
      for (let n = 0; n < 3; n++) {
        await assert.rejects(() => create(handmade(members)), {
          code: "invalid_argument",
          outcome: "none",
          attempts: 0,
          message: "signal: expected an AbortSignal",
        });
      }
      assert.deepEqual(requests, []);
      assert.equal((await create(handmade())).id, "sit_1");
    });
  }

  for (const [what, members] of [
    ["no removeEventListener", { removeEventListener: undefined }],
    ["a removeEventListener that throws", { removeEventListener: throwing }],
  ] as const) {
    test(`with ${what} does not lose a token, and may be aborted later`, async () => {
      const signal = handmade(members);
      for (let n = 0; n < 3; n++) assert.equal((await create(signal)).id, "sit_1");
      signal.abort(reason);
      assert.equal((await create(handmade())).id, "sit_1");
    });
  }

  test("that aborts while its listener is added ends the call, and nothing is sent", async () => {
    const signal = handmade({
      addEventListener(_: string, listener: () => void) {
        Object.assign(signal, { aborted: true, reason });
        listener();
      },
    });
    await aborted(create(signal));
    assert.deepEqual(requests, []);
  });

  test("that aborts when its listener is removed has no effect", async () => {
    const signal = handmade({ removeEventListener: () => signal.abort(reason) });
    assert.equal((await create(signal)).id, "sit_1");
  });

  test("whose reason throws makes the call reject with undefined", async () => {
    const signal = handmade();
    Object.defineProperty(signal, "reason", { get: throwing, set() {} });
    const call = create(signal, "user_never");
    await new Promise(setImmediate);
    signal.abort();
    await assert.rejects(call, (error) => error === undefined);
    assert.equal(requests.at(-1)?.aborted, true);
  });
});

describe("a signal aborted", () => {
  /**
   * Makes a call during which `abort` is called. Checks that it rejects with the signal's reason.
   */
  async function rejects(optionsOf: (abort: () => void) => Partial<SignInTokensOptions>) {
    const controller = new AbortController();
    const options = optionsOf(() => controller.abort(reason));
    const { signal } = controller;
    await aborted(calls.client({ fetch, ...options }).create({ userId: "user_1" }, { signal }));
    assert.equal(getEventListeners(signal, "abort").length, 0);
  }

  for (const thrown of [null, undefined, new Error("aborted")])
    for (const [how, fail] of [
      ["throws", throwValue],
      ["rejects with", (value: unknown) => Promise.reject(value)],
    ] as const)
      test(`by a secretKey function that ${how} ${thrown} rejects with its reason`, async () => {
        await rejects((abort) => ({
          secretKey() {
            abort();
            return fail(thrown);
          },
        }));
        assert.deepEqual(requests, []);
      });

  test("by fetch rejects with its reason", () =>
    rejects((abort) => ({
      fetch() {
        abort();
        throw null;
      },
    })));
});

function throwValue(value: unknown): never {
  throw value;
}
