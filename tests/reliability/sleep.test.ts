// Tests a machine that wakes from sleep: no timer has fired, and the clock has advanced. The next
// call settles the overdue calls.
import assert from "node:assert/strict";
import { test } from "node:test";

import type { FetchLikeInit } from "clerk-sign-in-tokens";

import { installed } from "../support/app.ts";
import { TOKEN } from "../support/token.ts";

const { SignInTokens } = await installed();
const secretKey = "sk_test_sleep";

test("a call whose timeout passed during sleep is settled by the next call", async (t) => {
  // No timer fires from here on.
  t.mock.method(globalThis, "setTimeout", () => 0);
  const signals: AbortSignal[] = [];
  const hanging = new SignInTokens({
    secretKey,
    fetch(_, { signal }: FetchLikeInit) {
      signals.push(signal);
      return new Promise(() => {});
    },
  });
  const overdue = hanging.create({ userId: "user_1" }, { timeout: 1000 });
  const patient = hanging.create({ userId: "user_2" }, { timeout: 3_600_000 });
  const waiting = new SignInTokens({
    secretKey,
    timeout: 60_000,
    fetch: async () => new Response("", { status: 429, headers: { "retry-after": "30" } }),
  }).create({ userId: "user_3" });
  await new Promise(setImmediate);
  assert.equal(signals.length, 2);

  const slept = performance.now() + 600_000;
  t.mock.method(performance, "now", () => slept);
  const awake = new SignInTokens({ secretKey, fetch: async () => Response.json(TOKEN) });
  assert.equal((await awake.create({ userId: "user_4" })).id, "sit_1");

  await assert.rejects(overdue, { code: "timeout", outcome: "unknown", attempts: 1 });
  await assert.rejects(waiting, { code: "timeout", outcome: "none", attempts: 1 });
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, false],
  );
  const turn = new Promise((resolve) => setImmediate(resolve, "still in flight"));
  assert.equal(await Promise.race([patient, turn]), "still in flight");
});
