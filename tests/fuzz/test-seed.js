// The tests of a seed: random calls and bulk runs under random faults, in each runtime.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { fuzz, RUNTIMES } from "./fuzz.js";

/** @param {number} seed */
export function testSeed(seed) {
  describe("random calls break no rule", { concurrency: 2 }, () => {
    for (const name of RUNTIMES) {
      test(`${name}, seed ${seed}`, async () => {
        const broken = await fuzz(name, seed, { calls: 500, bulkRuns: 40 });
        assert.deepEqual(broken, []);
      });
    }
  });
}
