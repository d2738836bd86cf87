// npm run frameworks [NAME…]: runs the packed tarball in frameworks, and prints a table of the
// results. `-- --newest`: with the newest versions of the frameworks instead of the pinned ones.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { testTarball } from "./checks/tarball.ts";
import { pack } from "./pack.ts";
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

const files = ["tests/frameworks/frameworks.soak.ts"];
const flags = ["--test-timeout=1200000", "--test-force-exit"];
const status = testTarball(pack({ reuse: true }), files, flags);
if (!existsSync(results)) fail("Nothing was run.");
const rows = readFileSync(results, "utf8").trim().split("\n");
console.table(rows.map((row) => JSON.parse(row)));
rmSync(dir, { recursive: true });
process.exitCode = status;
