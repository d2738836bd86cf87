// Tests which calls are retried, how often, and which attempts the observer sees.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { useClient } from "../support/client.js";

const calls = useClient();

describe("retries", () => {
  test("do not wait for a Retry-After date in the past", async () => {
    await calls.control.fault({
      status: 429,
      headers: { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" },
    });
    assert.equal((await calls.tokens.create({ userId: "user_1" })).status, "pending");
  });

  test("are limited by maxRetries of the client, or of the call", async () => {
    await calls.control.fault({ times: 100, status: 429, headers: { "retry-after": "0" } });
    await assert.rejects(() => calls.client({ maxRetries: 0 }).create({ userId: "user_1" }), {
      attempts: 1,
    });
    await assert.rejects(
      () => calls.client({ maxRetries: 0 }).create({ userId: "user_1" }, { maxRetries: 4 }),
      { attempts: 5 },
    );
  });

  test("exclude a create whose answer was lost: its token exists", async () => {
    await calls.control.fault({ drop: "answer", effect: true });
    await assert.rejects(() => calls.tokens.create({ userId: "user_1" }), {
      code: "network",
      outcome: "unknown",
      attempts: 1,
    });
    assert.equal((await calls.control.tokens()).length, 1);
  });

  test("leave the outcome of a revoke unknown after a lost answer, and only then", async () => {
    const { id } = await calls.tokens.create({ userId: "user_1" });
    await calls.control.fault({ operation: "revoke", drop: "answer", effect: true });
    await assert.rejects(() => calls.tokens.revoke(id), {
      code: "not_pending",
      status: 400,
      outcome: "unknown",
      attempts: 2,
    });
    await assert.rejects(() => calls.tokens.revoke(id), {
      code: "not_pending",
      status: 400,
      outcome: "none",
      attempts: 1,
    });
  });

  test("are reported to the observer, attempt by attempt", async () => {
    const events = [];
    await calls.control.fault({
      operation: "revoke",
      status: 503,
      headers: { "retry-after": "0" },
    });
    const observed = calls.client({ onAttempt: (event) => events.push(event) });
    const { id } = await observed.create({ userId: "user_1" });
    await observed.revoke(id);
    assert.deepEqual(
      events.map(({ duration, clerkTraceId, ...event }) => {
        assert.ok(duration >= 0);
        assert.equal(typeof clerkTraceId, event.status === 200 ? "string" : "undefined");
        return event;
      }),
      [
        { operation: "create", attempt: 1, status: 200 },
        { operation: "revoke", attempt: 1, status: 503, code: "server_error", retryIn: 0 },
        { operation: "revoke", attempt: 2, status: 200 },
      ],
    );
  });
});
