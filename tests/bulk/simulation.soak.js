// Tests long bulk runs against the simulated API. The table is in docs/bulk.md; UPDATE_DOCS=1 updates it.
import { after, test } from "node:test";

import { checkTable } from "../support/document.ts";
import { randomSeed } from "../support/random.ts";
import { FAULTS, simulate } from "./simulate.js";

const RUNS = {
  "a production instance, nothing wrong": { users: 100_000, limit: 1000 },
  "a production instance, all faults": { users: 1_000_000, limit: 1000, ...FAULTS },
  "a development instance, all faults": { users: 100_000, limit: 100, ...FAULTS },
  "half of the limit is used by others": { users: 100_000, limit: 500, known: 1000 },
};

const lines = [];

for (const [name, options] of Object.entries(RUNS)) {
  test(name, () => {
    lines.push(row(name, options, simulate(options)));
  });
}

const seed = randomSeed();
test(`all faults, seed ${seed}`, () => {
  simulate({ users: 100_000, limit: 1000, ...FAULTS, seed });
});

after(async () => {
  const table = [
    "| | users | hours | tokens | unknown | twice | of the ceiling | wasted on 429 |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
    ...lines,
  ].join("\n");
  await checkTable("docs/bulk.md", "simulation", table);
});

function row(name, { users }, { seconds, created, unknown, twice, throughput, wasted }) {
  const percent = (part) => `${(part * 100).toFixed(2)} %`;
  const number = (value) => value.toLocaleString("en-US");
  return `| ${[name, number(users), (seconds / 3600).toFixed(2), number(created), number(unknown), twice, percent(throughput), percent(wasted)].join(" | ")} |`;
}
