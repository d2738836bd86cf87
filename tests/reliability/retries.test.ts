// Tests which calls are retried, how often, and which attempts the observer sees.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { AttemptEvent } from "clerk-sign-in-tokens";

import { useClient } from "../support/client.ts";

const calls = useClient();

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
