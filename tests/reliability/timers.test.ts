// Tests timers that throw, are fake, fire late or never, and waits that a crowd of clients must not
// end together.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, test } from "node:test";

import FakeTimers from "@sinonjs/fake-timers";

import type { FetchLikeInit } from "clerk-sign-in-tokens";
import type { FakeStep } from "clerk-sign-in-tokens/testing";

import { installed } from "../support/app.ts";
import { listen } from "../support/listen.ts";
import { startPrograms } from "../support/programs.ts";
import { TOKEN } from "../support/token.ts";

const { SignInTokens } = await installed();
const { fakeFetch } = await installed("testing.js");
const secretKey = "sk_test_timers";

test("a clearTimeout that throws does not lose a token", async (t) => {
  const tokens = new SignInTokens({ secretKey, fetch: async () => Response.json(TOKEN) });
  t.mock.method(globalThis, "clearTimeout", () => {
    throw new Error("no");
  });
  assert.equal((await tokens.create({ userId: "user_1" })).id, "sit_1");
});

test("calls with fakeFetch end while all timers and clocks are fake", async (t) => {
  const clock = FakeTimers.install();
  t.after(() => clock.uninstall());
  const scripts: FakeStep[][] = [[], [429], ["lost"], ["silent"]];
  const results = scripts.map((script) =>
    new SignInTokens({ secretKey, fetch: fakeFetch(script) }).create({ userId: "user_1" }).then(
      ({ id }) => id,
      ({ code }) => code,
    ),
  );
  await clock.tickAsync(20_000);
  assert.deepEqual(await Promise.all(results), ["sit_fake1", "sit_fake2", "network", "timeout"]);
});

// A machine that wakes from sleep: no timer has fired, and the clock has advanced.
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

describe("calls with the same Retry-After", () => {
  /** Returns how long so many calls wait for their retry. */
  async function waits(seconds: string, timeout: number) {
    const fetch = async () =>
      new Response("{}", { status: 429, headers: { "retry-after": seconds } });
    const wait = () =>
      new Promise<number>((resolve) => {
        const controller = new AbortController();
        const onAttempt = ({ retryIn = NaN }) => {
          resolve(retryIn);
          controller.abort();
        };
        const tokens = new SignInTokens({ secretKey, fetch, onAttempt, timeout });
        tokens.create({ userId: "user_1" }, { signal: controller.signal }).catch(() => {});
      });
    return Promise.all(Array.from({ length: 50 }, wait));
  }

  for (const seconds of ["1", "7"])
    test(`of ${seconds} s wait up to 250 ms longer, each its own time`, async () => {
      const least = Number(seconds) * 1000;
      const all = await waits(seconds, 10_000);
      for (const ms of all) assert.ok(ms >= least && ms <= least + 250, `it waits ${ms} ms`);
      assert.ok(new Set(all).size > 10, `they wait ${[...new Set(all)].join(", ")} ms`);
    });
});

describe("a process that is stopped for longer than the timeout", { concurrency: 3 }, () => {
  for (const name of ["Node", "Deno", "Bun"])
    test(`${name} returns the token that arrived meanwhile`, async () => {
      const api = createServer();
      const apiUrl = `http://127.0.0.1:${await listen(api)}`;
      await using programs = await startPrograms(name);
      try {
        const result = programs.run("single", { apiUrl, timeout: 3000 });
        const [, response] = await once(api, "request");
        programs.signal("SIGSTOP");
        response.end(JSON.stringify(TOKEN));
        await sleep(4000);
        programs.signal("SIGCONT");
        assert.deepEqual(await result, { id: "sit_1" });
      } finally {
        programs.signal("SIGCONT");
        api.closeAllConnections();
        api.close();
      }
    });
});
