// npm run frameworks [NAME…]: the packed tarball in the frameworks that people build with, and a table of how it went.
// `-- --newest`: with their newest versions instead of those that are pinned.
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

const files = ["tests/frameworks/frameworks.test.js"];
const status = testTarball(pack({ reuse: true }), {
  files,
  flags: ["--test-timeout=1200000", "--test-force-exit"],
});
if (!existsSync(results)) fail("Nothing was run.");
printTable(readFileSync(results, "utf8").trim().split("\n").map(JSON.parse));
rmSync(dir, { recursive: true });
process.exitCode = status;

function printTable(rows) {
  const cells = [
    ["name", "version", "result"],
    ...rows.map((row) => [row.name, row.version, row.result]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd();
  console.log(`\n${cells.map(line).join("\n")}`);
}
