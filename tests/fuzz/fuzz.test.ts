// Tests random calls and bulk runs under random faults, with a fixed seed; fuzz.soak.ts makes more.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SERVERS } from "../support/runtimes.ts";
import { leftBehind, RUNTIMES, testSeed } from "./fuzz.ts";

testSeed(14, { calls: 200, bulkRuns: 15 });

describe("the check finds what is left behind", () => {
  for (const name of RUNTIMES) {
    test(name, async () => {
      await using runtime = await SERVERS[name]();
      const [timer, rejection, ...others] = await leftBehind(runtime, "it", true);
      assert.equal(timer, "it left 1 timers");
      assert.match(rejection, /left behind/);
      assert.deepEqual(others, []);
      assert.deepEqual(await leftBehind(runtime, "it"), []);
    });
  }
});
