// RUNTIME SEED COUNT: so many random calls, and a tenth as many bulk runs, under random faults in
// one runtime.
import { randomSeed } from "../support/random.ts";
import { fuzz, RUNTIMES } from "./fuzz.ts";

const [wanted = "Node", ...numbers] = process.argv.slice(2);
const name = RUNTIMES.find((runtime) => runtime === wanted);
const [seed = randomSeed(), calls = 500] = numbers.map(Number);
const bulkRuns = Math.floor(calls / 10);

if (!name || ![seed, calls].every(Number.isSafeInteger)) {
  console.error("Give a runtime, a seed and how many calls: npm run fuzz -- Node 14 500");
  console.error(`The runtimes are ${RUNTIMES.join(", ")}.`);
  process.exit(1);
}

console.log(`${name}, seed ${seed}: ${calls} calls, ${bulkRuns} bulk runs…`);
const broken = await fuzz(name, seed, { calls, bulkRuns });
for (const line of broken) console.error(line);
console.log(broken.length > 0 ? `${broken.length} broken rules.` : "No rule was broken.");
process.exitCode = broken.length > 0 ? 1 : 0;
