// Tests random calls and bulk runs under random faults, with one fixed and one random seed. To
// repeat a seed that failed: npm run fuzz -- RUNTIME SEED COUNT.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { describe, test } from "node:test";

import { SERVERS } from "../support/runtimes.js";
import { fuzz, leftBehind, RUNTIMES } from "./fuzz.js";

const SEEDS = [14, randomInt(1, 2 ** 31)];

describe("random calls break no rule", { concurrency: 2 }, () => {
  for (const name of RUNTIMES) {
    for (const seed of SEEDS) {
      test(`${name}, seed ${seed}`, async () => {
        const broken = await fuzz(name, seed, { calls: 500, bulkRuns: 40 });
        assert.deepEqual(broken, []);
      });
    }
  }
});

describe("the check finds what is left behind", () => {
  for (const name of RUNTIMES) {
    test(name, async () => {
      const runtime = await SERVERS[name]();
      try {
        const [timer, rejection, ...others] = await leftBehind(runtime, "it", true);
        assert.equal(timer, "it left 1 timers");
        assert.match(rejection, /left behind/);
        assert.deepEqual(others, []);
        assert.deepEqual(await leftBehind(runtime, "it"), []);
      } finally {
        await runtime.stop();
      }
    });
  }
});
