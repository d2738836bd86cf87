// npm run bench: compares the packed tarball with bare fetch and @clerk/backend, in every runtime.
// Linux only.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

import { installClients, versions } from "../benches/app.ts";
import { memoryAfterLargeAnswer, signals } from "../benches/growth.ts";
import { coldStarts, LOAD_NAMES, loads, sizes } from "../benches/measure.ts";
import { RUNTIMES } from "../benches/runtimes.ts";
import { loadTables, signalsTable, summary, tables } from "../benches/table.ts";
import { format } from "./format.ts";
import { pack } from "./pack.ts";
import { startProcess } from "./process.ts";
import { fail, root } from "./tools.js";
import type { Runtime } from "../benches/runtimes.ts";
import type { Results } from "../benches/table.ts";

// 50 rounds make 100,000 calls of each client in each runtime, the first 1,000 included.
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "50" },
    save: { type: "boolean", default: true },
    // A quick look while working: only these loads, in these runtimes. Nothing is saved.
    loads: { type: "string" },
    runtimes: { type: "string" },
  },
  allowNegative: true,
});
const rounds = Number(values.rounds);
if (!(Number.isInteger(rounds) && rounds > 0)) fail("--rounds: expected a whole number, 1 or more");
if (process.platform !== "linux") fail("The benchmark reads /proc: it runs on Linux only.");
const runtimes = chosen("runtimes", RUNTIMES);
const parts = chosen("loads", [...LOAD_NAMES, "signals"]);
const names = LOAD_NAMES.filter((name) => parts.includes(name));

const dir = installClients(pack({ reuse: true }));
const server = await startProcess("bun", [join(root, "benches", "answers.ts")]);
try {
  if (values.loads || values.runtimes) {
    if (names.length > 0) console.log(loadTables(await inAll(loads, names), names));
    if (parts.includes("signals")) console.log(signalsTable(await inAll(signals)));
  } else {
    const results = await measureAll();
    console.log(`${tables(results)}\n`);
    if (values.save) await save(results);
  }
} finally {
  await server.stop();
  rmSync(dirname(dir), { recursive: true, force: true });
}

/** Returns the names that an option lists, or all. */
function chosen<Name extends string>(option: "runtimes" | "loads", all: Name[]) {
  const names = values[option]?.split(",") ?? all;
  const found = all.filter((name) => names.includes(name));
  if (found.length !== names.length) fail(`--${option}: expected some of ${all.join(", ")}`);
  return found;
}

async function measureAll() {
  return {
    versions: versions(dir),
    rounds,
    cores: cpus().length,
    sizes: sizes(dir),
    coldStarts: await coldStarts(dir, server.url, rounds),
    loads: await inAll(loads, names),
    signals: await inAll(signals),
    memoryAfterLargeAnswer: memoryAfterLargeAnswer(dir),
  };
}

/** Measures something in all chosen runtimes. */
async function inAll<Measured, Rest extends unknown[]>(
  measure: (
    runtime: Runtime,
    dir: string,
    apiUrl: string,
    rounds: number,
    ...rest: Rest
  ) => Promise<Measured>,
  ...rest: Rest
) {
  const entries = [];
  for (const runtime of runtimes) {
    console.error(`${runtime}: ${measure.name}…`);
    entries.push([runtime, await measure(runtime, dir, server.url, rounds, ...rest)]);
  }
  return Object.fromEntries(entries) as Record<Runtime, Measured>;
}

/** Writes the raw figures, and the README's table. */
async function save(results: Results) {
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
 * Returns the results with bytes unchanged and measurements rounded to four digits, which is below
 * their spread.
 */
function rounded(results: object) {
  const round = (value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  return JSON.parse(JSON.stringify(results, (_, value) => round(value)));
}
