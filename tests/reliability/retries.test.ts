// Tests which calls are retried, how often and until when, and which attempts the observer sees.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type {
  AttemptEvent,
  FetchLike,
  SignInTokensError,
  SignInTokensOptions,
} from "clerk-sign-in-tokens";

import { never, useClient } from "../support/client.ts";

const calls = useClient();

/** Long enough for a busy machine to send the request first: after the timeout, none is sent. */
const SHORT = 250;

describe("retries", () => {
  // The three forms of a date in HTTP.
  for (const date of [
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
  ])
    test(`do not wait for ${date}, which is in the past`, async () => {
      await calls.control.fault({ times: 100, status: 429, headers: { "retry-after": date } });
      const expected = { code: "rate_limited", retryAfter: 0, attempts: 3 };
      await assert.rejects(calls.tokens.create({ userId: "user_1" }), expected);
    });

  test("are limited by maxRetries of the client, or of the call", async () => {
    await calls.control.fault({ times: 100, status: 429, headers: { "retry-after": "0" } });
    await assert.rejects(calls.client({ maxRetries: 0 }).create({ userId: "user_1" }), {
      attempts: 1,
    });
    await assert.rejects(
      calls.client({ maxRetries: 0 }).create({ userId: "user_1" }, { maxRetries: 4 }),
      { attempts: 5 },
    );
  });

  test("leave the outcome of a revoke unknown after a lost answer, and only then", async () => {
    const { id } = await calls.tokens.create({ userId: "user_1" });
    await calls.control.fault({ operation: "revoke", drop: "answer", effect: true });
    await assert.rejects(calls.tokens.revoke(id), {
      code: "not_pending",
      status: 400,
      outcome: "unknown",
      attempts: 2,
      message: /the token may have been revoked$/,
    });
    await assert.rejects(calls.tokens.revoke(id), {
      code: "not_pending",
      status: 400,
      outcome: "none",
      attempts: 1,
    });
  });

  test("are reported to the observer, attempt by attempt", async () => {
    const events: AttemptEvent[] = [];
    const headers = { "retry-after": "0", "cf-ray": "ray_1" };
    await calls.control.fault({ operation: "revoke", status: 503, headers, body: "" });
    const body = { errors: [], clerk_trace_id: "trace_1" };
    await calls.control.fault({ operation: "revoke", status: 429, headers, body });
    await calls.control.fault({ operation: "revoke", drop: "answer" });
    const observed = calls.client({ maxRetries: 3, onAttempt: (event) => events.push(event) });
    const { id } = await observed.create({ userId: "user_1" });
    await observed.revoke(id);
    assert.deepEqual(
      events.map(({ duration, retryIn, clerkTraceId, status, code }) => {
        assert.ok(duration >= 0);
        // The wait after a lost answer is random.
        return [status, code, code === "network" ? typeof retryIn : retryIn, clerkTraceId];
      }),
      [
        [200, undefined, undefined, events[0].clerkTraceId],
        [503, "server_error", 0, "ray_1"],
        [429, "rate_limited", 0, "trace_1"],
        [undefined, "network", "number", undefined],
        [200, undefined, undefined, events[4].clerkTraceId],
      ],
    );
    assert.equal(typeof events[4].clerkTraceId, "string");
    assert.deepEqual(
      events.map(({ operation, attempt }) => `${operation} ${attempt}`),
      ["create 1", "revoke 1", "revoke 2", "revoke 3", "revoke 4"],
    );
  });
});

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
