// Tests the timeout of a call: what it covers, and which waits it prevents.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { FetchLike, SignInTokensError, SignInTokensOptions } from "clerk-sign-in-tokens";

import { never, useClient } from "../support/client.ts";

const calls = useClient();

/** Long enough for a busy machine to send the request first: after the timeout, none is sent. */
const SHORT = 250;

describe("the timeout", () => {
  /** Makes a call that times out. */
  const timesOut = (options: Partial<SignInTokensOptions>, outcome = "unknown", attempts = 1) =>
    assert.rejects(calls.client({ timeout: SHORT, ...options }).create({ userId: "user_1" }), {
      name: "SignInTokensError",
      code: "timeout",
      outcome,
      attempts,
    });

  test("covers the key lookup", async () => {
    await timesOut({ secretKey: never }, "none", 0);
  });

  test("covers a fetch that never settles, which it aborts", async () => {
    let seen: AbortSignal | undefined;
    const fetch: FetchLike = (_, { signal }) => {
      seen = signal;
      return never();
    };
    await timesOut({ fetch });
    assert.equal(seen?.reason.name, "AbortError");
  });

  test("cancels the body of an answer that arrives later", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const fetch = () => promise;
    await timesOut({ fetch });
    await new Promise<unknown>((cancel) => resolve(new Response(new ReadableStream({ cancel }))));
  });

  test("of the call overrides the client's", async () => {
    await assert.rejects(calls.client({ fetch: never }).revoke("sit_1", { timeout: SHORT }), {
      code: "timeout",
      outcome: "unknown",
    });
  });

  test("prevents a wait that would exceed it: seconds and date", async () => {
    for (const [value, seconds] of [
      ["3600", 3600],
      [new Date(Date.now() + 3600_000).toUTCString(), 3600],
      ["99999999999", Infinity],
      ["Fri, 31 Dec 2999 23:59:59 GMT", Infinity],
    ] as const) {
      await calls.control.fault({ status: 429, headers: { "retry-after": value } });
      await assert.rejects(
        calls.tokens.create({ userId: "user_1" }),
        ({ code, outcome, attempts, retryAfter = 0 }: SignInTokensError) => {
          assert.deepEqual([code, outcome, attempts], ["rate_limited", "none", 1]);
          assert.ok(retryAfter > 3500 && retryAfter <= seconds, `${retryAfter}`);
          return true;
        },
      );
    }
  });
});
