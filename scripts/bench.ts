// npm run bench: compares the packed tarball with bare fetch and @clerk/backend, in every runtime.
// Linux only.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

import { installClients, versions } from "../benches/app.ts";
import { memoryAfterLargeAnswer, signals } from "../benches/growth.ts";
import { coldStarts, LOAD_NAMES, loads, sizes } from "../benches/measure.ts";
import { type Runtime, RUNTIMES } from "../benches/runtimes.ts";
import { table } from "../benches/table.ts";
import { format } from "./format.ts";
import { pack } from "./pack.ts";
import { startProcess } from "./process.ts";
import { fail, root } from "./tools.js";

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
  if (values.loads || values.runtimes) console.log(table(await measureCalls()));
  else {
    const results = {
      versions: versions(dir),
      rounds,
      cores: cpus().length,
      sizes: sizes(dir),
      coldStarts: await coldStarts(dir, server.url, rounds),
      ...(await measureCalls()),
      memoryAfterLargeAnswer: memoryAfterLargeAnswer(dir),
    };
    console.log(table(results));
    if (values.save) await save(results, table(results));
  }
} finally {
  await server.stop();
  rmSync(dirname(dir), { recursive: true, force: true });
}

/** Returns the names that an option lists, or all. */
function chosen<Name extends string>(option: "runtimes" | "loads", all: readonly Name[]) {
  const names = values[option]?.split(",") ?? all;
  const found = all.filter((name) => names.includes(name));
  if (found.length !== names.length) fail(`--${option}: expected some of ${all.join(", ")}`);
  return found;
}

/** Measures the chosen loads in the chosen runtimes. */
async function measureCalls() {
  return {
    loads: names.length > 0 ? await inAll(loads) : undefined,
    signals: parts.includes("signals") ? await inAll(signals) : undefined,
  };
}

async function inAll<Measured>(
  measure: (
    runtime: Runtime,
    dir: string,
    apiUrl: string,
    rounds: number,
    loads: typeof names,
  ) => Promise<Measured>,
) {
  const entries = [];
  for (const runtime of runtimes) {
    console.error(`${runtime}: ${measure.name}…`);
    entries.push([runtime, await measure(runtime, dir, server.url, rounds, names)]);
  }
  return Object.fromEntries(entries) as Record<Runtime, Measured>;
}

/** Writes the raw figures, and the README's table. */
async function save(results: object, table: string) {
  writeFileSync(join(root, "benches", "results.json"), `${JSON.stringify(results, rounded)}\n`);
  const readme = join(root, "README.md");
  const [before, , after] = readFileSync(readme, "utf8").split(
    /(?<=<!-- npm run bench -->\n)([^]*?)(?=<!-- end -->)/,
  );
  if (after === undefined) fail("README.md has no place for the table.");
  writeFileSync(readme, await format(`${before}\n${table}\n\n${after}`, "README.md"));
}

/** Rounds measurements to four digits, which is below their spread. Bytes do not change. */
function rounded(_: string, value: unknown) {
  return typeof value === "number" && !Number.isInteger(value)
    ? Number(value.toPrecision(4))
    : value;
}
