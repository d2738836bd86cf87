// npm run fuzz -- RUNTIME SEED COUNT: random calls, and a tenth as many bulk runs, under random faults in one runtime.
import { randomInt } from "node:crypto";
import { rmSync } from "node:fs";
import { dirname } from "node:path";

import { install } from "./install.js";
import { pack } from "./pack.js";
import { fail } from "./tools.js";

const [name = "Node", ...numbers] = process.argv.slice(2);
const [seed = randomInt(1, 2 ** 31), count = 500] = numbers.map(Number);
if (![seed, count].every(Number.isSafeInteger))
  fail("Give a runtime, a seed and how many calls: npm run fuzz -- Node 14 500");

/** The path of the fuzz test. tsc does not follow it, since the tests have no types. */
const FUZZ = new URL("../tests/fuzz/fuzz.js", import.meta.url).href;

const app = install([pack()], ["tests/fixtures/agent"]);
process.env.TEST_APP = app; // The fuzz test reads it at its import.
try {
  const { fuzz, RUNTIMES } = await import(FUZZ);
  if (!RUNTIMES.includes(name)) fail(`The runtimes are ${RUNTIMES.join(", ")}.`);
  console.log(`${name}, seed ${seed}: ${count} calls, ${Math.floor(count / 10)} bulk runs…`);
  /** @type {string[]} */
  const broken = await fuzz(name, seed, {
    calls: count,
    bulkRuns: Math.floor(count / 10),
  });
  for (const line of broken) console.error(line);
  console.log(broken.length > 0 ? `${broken.length} broken rules.` : "No rule was broken.");
  process.exitCode = broken.length > 0 ? 1 : 0;
} finally {
  rmSync(dirname(app), { recursive: true, force: true });
}
