// Tests long bulk runs against the simulated API, on the pacer in JavaScript and in Rust. The table
// is in docs/bulk.md; UPDATE_DOCS=1 updates it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { root } from "../../scripts/tools.js";
import { checkTable } from "../support/document.ts";
import { randomSeed } from "../support/random.ts";
import { FAULTS, simulate } from "../support/simulation.ts";
import type { Options, Statistics } from "../support/simulation.ts";

const RUNS: Record<string, Options> = {
  "a production instance, nothing wrong": { users: 100_000, limit: 1000 },
  "a production instance, all faults": { users: 1_000_000, limit: 1000, ...FAULTS },
  "a development instance, all faults": { users: 100_000, limit: 100, ...FAULTS },
  "half of the limit is used by others": { users: 100_000, limit: 500, known: 1000 },
};

const rows: unknown[][] = [];

for (const [name, options] of Object.entries(RUNS)) {
  test(name, () => void rows.push(row(name, options, simulateTwice(options))));
}

/** Makes a run in JavaScript, then its pacing in Rust. */
function simulateTwice(options: Options) {
  const folder = mkdtempSync(join(tmpdir(), "trace-"));
  try {
    const trace = join(folder, "trace.txt");
    const result = simulate({ ...options, trace });
    const args = ["test", "--locked", "--all-features", "--lib", "trace_of_a_simulation"];
    const env = { ...process.env, TRACE: trace };
    const said = execFileSync("cargo", [...args, "--", "--ignored"], { cwd: root, env });
    assert.match(String(said), /1 passed/);
    return result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const seed = randomSeed();
test(`all faults, seed ${seed}`, () => {
  simulateTwice({ users: 100_000, limit: 1000, ...FAULTS, seed });
});

after(async () => {
  const head = ["users", "hours", "tokens", "unknown", "twice", "of the ceiling", "wasted on 429"];
  const aligned = head.map(() => "---:");
  await checkTable("docs/bulk.md", "simulation", [["", ...head], ["---", ...aligned], ...rows]);
});

function row(name: string, { users }: Options, result: Statistics) {
  const percent = (part: number) => `${(part * 100).toFixed(2)} %`;
  const count = (value: number) => value.toLocaleString("en-US");
  const { seconds, created, unknown, twice, throughput, wasted } = result;
  const hours = (seconds / 3600).toFixed(2);
  const cells = [name, count(users), hours, count(created), count(unknown), twice];
  return [...cells, percent(throughput), percent(wasted)];
}
