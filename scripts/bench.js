// npm run bench: compares the packed tarball with bare fetch and @clerk/backend, in every runtime. Linux only.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

import { installClients, versions } from "../benches/app.js";
import { coldStarts, loads, sizes } from "../benches/measure.js";
import { RUNTIMES } from "../benches/runtimes.js";
import { summary, tables } from "../benches/table.js";
import { format } from "./format.js";
import { pack } from "./pack.js";
import { startProcess } from "./process.js";
import { fail, root } from "./tools.js";

// 15 rounds make 100,000 calls of each client in each runtime, the first 1,000 included.
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "15" }, save: { type: "boolean", default: true } },
  allowNegative: true,
});
const rounds = Number(values.rounds);
if (!(Number.isInteger(rounds) && rounds > 0)) fail("--rounds: expected a whole number, 1 or more");
if (process.platform !== "linux") fail("The benchmark reads /proc: it runs on Linux only.");

const dir = installClients(pack());
const server = await startProcess("bun", [join(root, "benches", "answers.js")]);
try {
  const results = {
    versions: versions(dir),
    rounds,
    cores: cpus().length,
    sizes: sizes(dir),
    // More of them, since each is one sample where a load is the mean of many calls.
    coldStarts: await coldStarts(dir, server.url, 3 * rounds),
    loads: await loadsInAll(server.url),
  };
  console.log(`${tables(results)}\n`);
  if (values.save) await save(results);
} finally {
  await server.stop();
  rmSync(dirname(dir), { recursive: true, force: true });
}

/**
 * Measures the loads in all runtimes.
 *
 * @param {string} apiUrl
 */
async function loadsInAll(apiUrl) {
  const entries = [];
  for (const runtime of RUNTIMES) {
    console.error(`${runtime}…`);
    entries.push([runtime, await loads(runtime, dir, apiUrl, rounds)]);
  }
  return /** @type {import("../benches/table.js").Results["loads"]} */ (
    Object.fromEntries(entries)
  );
}

/**
 * Writes the raw figures, and the README's table.
 *
 * @param {import("../benches/table.js").Results} results
 */
async function save(results) {
  writeFileSync(join(root, "benches", "results.json"), `${JSON.stringify(rounded(results))}\n`);
  const readme = join(root, "README.md");
  const [before, , after] = readFileSync(readme, "utf8").split(
    /(?<=<!-- npm run bench -->\n)([^]*?)(?=<!-- end -->)/,
  );
  if (after === undefined) fail("README.md has no place for the table.");
  const updated = `${before}\n${summary(results)}\n\n${after}`;
  writeFileSync(readme, await format(updated, "README.md"));
}

/**
 * Returns the results with bytes unchanged and measurements rounded to four digits, which is below their spread.
 *
 * @param {object} results
 */
function rounded(results) {
  const round = (/** @type {unknown} */ value) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  return JSON.parse(JSON.stringify(results, (_, value) => round(value)));
}
