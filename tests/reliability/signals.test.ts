// Tests custom signals, and signals that are aborted at an awkward time.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { beforeEach, describe, test } from "node:test";

import type { FetchLike, SignInTokensOptions } from "clerk-sign-in-tokens";

import { installed } from "../support/app.ts";
import { TOKEN } from "../support/token.ts";

const { SignInTokens } = await installed();
const secretKey = "sk_test_signals";
const reason = { why: "changed my mind" };
let requests: AbortSignal[];
beforeEach(() => (requests = []));

/** Answers every request except those for `user_never`. */
const fetch: FetchLike = async (_, { body, signal }) => {
  requests.push(signal);
  if (String(body).includes("user_never")) await new Promise(() => {});
  return Response.json(TOKEN);
};

const tokens = new SignInTokens({ secretKey, fetch });
const create = (signal: object, userId = "user_1") =>
  tokens.create({ userId }, { signal: signal as AbortSignal });

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
    await assert.rejects(call, (error) => error === reason);
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
    await assert.rejects(create(signal), (error) => error === reason);
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
    await assert.rejects(
      new SignInTokens({ secretKey, fetch, ...options }).create({ userId: "user_1" }, { signal }),
      (error) => error === reason,
    );
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
