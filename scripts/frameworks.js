// npm run frameworks [NAME…]: runs the packed tarball in frameworks, and prints a table of the results.
// `-- --newest`: with the newest versions of the frameworks instead of the pinned ones.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { testTarball } from "./checks/tarball.js";
import { pack } from "./pack.js";
import { fail } from "./tools.js";

const { values, positionals } = parseArgs({
  options: { newest: { type: "boolean", default: false } },
  allowPositionals: true,
});

const dir = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-frameworks-"));
const results = join(dir, "results.ndjson");
process.env.FRAMEWORKS = positionals.join(",") || "all";
process.env.FRAMEWORKS_RESULTS = results;
if (values.newest) process.env.FRAMEWORKS_NEWEST = "1";

const files = ["tests/frameworks/frameworks.soak.js"];
const status = testTarball(pack({ reuse: true }), {
  files,
  flags: ["--test-timeout=1200000", "--test-force-exit"],
});
if (!existsSync(results)) fail("Nothing was run.");
printTable(
  readFileSync(results, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line)),
);
rmSync(dir, { recursive: true });
process.exitCode = status;

/** @param {{ name: string, version: string, result: string }[]} rows */
function printTable(rows) {
  const cells = [
    ["name", "version", "result"],
    ...rows.map((row) => [row.name, row.version, row.result]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (/** @type {string[]} */ row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd();
  console.log(`\n${cells.map(line).join("\n")}`);
}
