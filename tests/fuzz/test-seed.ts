// The tests of a seed: random calls and bulk runs under random faults, in each runtime.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { fuzz, RUNTIMES, type Counts } from "./fuzz.ts";

/** Tests as many calls and bulk runs of a seed in each runtime. */
export function testSeed(seed: number, counts: Counts) {
  describe("random calls break no rule", { concurrency: 2 }, () => {
    for (const name of RUNTIMES) {
      test(`${name}, seed ${seed}`, async () => {
        const broken = await fuzz(name, seed, counts);
        assert.deepEqual(broken, []);
      });
    }
  });
}
