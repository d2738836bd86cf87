// Makes a bulk run against the simulated API, and checks that it creates no token twice, loses no
// result, stays close to the limit and wastes few requests.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { Options, Statistics } from "../support/simulation.ts";

export const FAULTS = { storms: 0.05, lost: 0.01, failing: 0.01 };

/**
 * Returns the statistics of the run. It has a process of its own: the test runner tracks every
 * promise, which takes ten times as long.
 */
export function simulate(options: Options): Statistics {
  const script = fileURLToPath(new URL("../support/simulation.ts", import.meta.url));
  const output = execFileSync("node", [script, JSON.stringify(options)], { encoding: "utf8" });
  const result: Statistics = JSON.parse(output);
  assert.ok(result.reportedOnce, "every input is reported exactly once");
  assert.deepEqual([result.twice, result.wrong, result.refused], [0, 0, 0]);
  assert.equal(result.created + result.unknown, options.users);
  assert.ok(result.wasted < 0.01, `${result.wasted} of the requests were wasted on 429`);
  // If others use a part of the limit, the run must find its own part again and again.
  const least = options.known ? 0.9 : 0.95;
  assert.ok(result.throughput > least, `${result.throughput} of the ceiling`);
  return result;
}
