// Compares the size of a Worker's bundle with the budget in size-budget.json. UPDATE_BUDGET=1
// records the current size.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { before, test } from "node:test";

import { PARTS } from "../../benches/app.ts";
import { bundle, gzipped } from "../../benches/size.ts";
import { copyFolders } from "../../scripts/install.ts";
import { app } from "../support/app.ts";

const record = new URL("size-budget.json", import.meta.url);

before(() => copyFolders(PARTS, app));

for (const minify of [true, false]) {
  const kind = minify ? "minified" : "default";

  test(`a Worker's bundle, ${kind}, is within its budget`, () => {
    const { files, parts } = bundle(app, "minimal", "package", { minify });
    const now = { gzip: gzipped(files), parts };
    const budgets = JSON.parse(readFileSync(record, "utf8"));
    if (process.env.UPDATE_BUDGET) {
      // Another version of rustc or esbuild may produce a few bytes more.
      const budget = { ...now, gzip: Math.ceil(now.gzip / 250) * 250 };
      writeFileSync(record, `${JSON.stringify({ ...budgets, [kind]: budget }, undefined, 2)}\n`);
      return;
    }
    assert.ok(now.gzip <= budgets[kind].gzip, growth(budgets[kind], now));
  });
}

/** What the budget records. */
interface Size {
  gzip: number;
  parts: Record<string, number>;
}

/** Lists the parts that changed in size, largest growth first. */
function growth(budget: Size, now: Size) {
  const lines = [...new Set([...Object.keys(budget.parts), ...Object.keys(now.parts)])]
    .map((part) => ({ part, from: budget.parts[part] ?? 0, to: now.parts[part] ?? 0 }))
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .map(({ part, from, to }) => `  ${part.padEnd(60)} ${from} → ${to}  (${to - from})`);
  return [
    `the bundle has ${now.gzip} bytes gzipped, its budget is ${budget.gzip}; raw bytes by part:`,
    ...lines,
  ].join("\n");
}
