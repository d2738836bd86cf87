// Tests bulk runs against the simulated API: they create no token twice, lose no result, stay close
// to the limit and waste few requests. The table is in docs/bulk.md; UPDATE_DOCS=1 updates it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { checkTable } from "../support/document.js";

const FAULTS = { storms: 0.05, lost: 0.01, failing: 0.01 };

const RUNS = {
  "a production instance, nothing wrong": { users: 100_000, limit: 1000 },
  "a production instance, all faults": { users: 1_000_000, limit: 1000, ...FAULTS },
  "a development instance, all faults": { users: 100_000, limit: 100, ...FAULTS },
  "half of the limit is used by others": { users: 100_000, limit: 500, known: 1000 },
};

const lines = [];

for (const [name, options] of Object.entries(RUNS)) {
  test(name, () => {
    const result = simulate(options);
    assert.ok(result.reportedOnce, "every input is reported exactly once");
    assert.deepEqual([result.twice, result.wrong, result.refused], [0, 0, 0]);
    assert.equal(result.created + result.unknown, options.users);
    assert.ok(result.wasted < 0.01, `${result.wasted} of the requests were wasted on 429`);
    // If others use a part of the limit, the run must find its own part again and again.
    assert.ok(
      result.throughput > (options.known ? 0.9 : 0.95),
      `${result.throughput} of the ceiling`,
    );
    lines.push(row(name, options, result));
  });
}

after(async () => {
  const table = [
    "| | users | hours | tokens | unknown | twice | of the ceiling | wasted on 429 |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
    ...lines,
  ].join("\n");
  await checkTable("docs/bulk.md", "simulation", table);
});

/** Runs in its own process: the test runner tracks every promise, which takes ten times as long. */
function simulate(options) {
  const script = fileURLToPath(new URL("../support/simulation.js", import.meta.url));
  return JSON.parse(execFileSync("node", [script, JSON.stringify(options)], { encoding: "utf8" }));
}

function row(name, { users }, { seconds, created, unknown, twice, throughput, wasted }) {
  const percent = (part) => `${(part * 100).toFixed(2)} %`;
  const number = (value) => value.toLocaleString("en-US");
  return `| ${[name, number(users), (seconds / 3600).toFixed(2), number(created), number(unknown), twice, percent(throughput), percent(wasted)].join(" | ")} |`;
}
