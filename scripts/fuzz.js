// npm run fuzz -- RUNTIME SEED COUNT: random calls, and a tenth as many bulk runs, under random faults in one runtime.
import { randomInt } from "node:crypto";
import { rmSync } from "node:fs";
import { dirname } from "node:path";

import { install } from "./install.js";
import { pack } from "./pack.js";
import { fail } from "./tools.js";

const [name = "Node", seed = randomInt(1, 2 ** 31), count = 500] = process.argv.slice(2);
if (![seed, count].every((value) => Number.isSafeInteger(Number(value))))
  fail("Give a runtime, a seed and how many calls: npm run fuzz -- Node 14 500");

const app = install([pack()], ["tests/fixtures/agent"]);
process.env.TEST_APP = app; // Read when the tests' own code is loaded.
try {
  const { fuzz, RUNTIMES } = await import("../tests/fuzz/fuzz.js");
  if (!RUNTIMES.includes(name)) fail(`The runtimes are ${RUNTIMES.join(", ")}.`);
  console.log(`${name}, seed ${seed}: ${count} calls, ${Math.floor(count / 10)} bulk runs…`);
  const broken = await fuzz(name, Number(seed), {
    calls: Number(count),
    bulkRuns: Math.floor(count / 10),
  });
  for (const line of broken) console.error(line);
  console.log(broken.length > 0 ? `${broken.length} broken rules.` : "No rule was broken.");
  process.exitCode = broken.length > 0 ? 1 : 0;
} finally {
  rmSync(dirname(app), { recursive: true, force: true });
}
