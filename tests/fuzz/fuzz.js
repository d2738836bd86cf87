// Runs a seed's calls or bulk runs in a runtime, many at a time, and collects the rules that were
// broken.
import { SERVERS } from "../support/runtimes.ts";
import { startScripted } from "../support/scripted.ts";
import { describeBulkRun, makeBulkRun, randomBulkRun } from "./bulk.js";
import { describeGroup, makeGroup, randomGroup, TOGETHER } from "./calls.js";
import { LATE } from "./rules.js";

const GROUPS = { random: randomGroup, make: makeGroup, describe: describeGroup, concurrency: 7 };
const BULK = {
  random: randomBulkRun,
  make: makeBulkRun,
  describe: describeBulkRun,
  concurrency: 4,
};

/** What the linear memory may have after a run, in bytes: it starts with 1.2 MB, and an answer is read up to 64 KiB. */
const MEMORY = 4 * 1024 * 1024;

/** The runtimes' names. */
export const RUNTIMES = Object.keys(SERVERS);

/** Makes `calls` calls and `bulkRuns` bulk runs. Returns a line for each broken rule. */
export async function fuzz(name, seed, { calls, bulkRuns }) {
  const [server, elsewhere] = [await startScripted(), await startScripted()];
  const runtime = await SERVERS[name]();
  const world = { runtime, server, elsewhere: elsewhere.url };
  try {
    const broken = [
      ...(await inTurn(world, "group", GROUPS, seed, Math.ceil(calls / TOGETHER))),
      ...(await leftBehind(runtime, "the calls")),
      ...(await inTurn(world, "bulk run", BULK, seed, bulkRuns)),
      ...(await leftBehind(runtime, "the bulk runs")),
    ];
    for (const stray of server.strays) broken.push(`a request that belongs to no call: ${stray}`);
    for (const stray of elsewhere.strays) broken.push(`a request to another origin: ${stray}`);
    const { memory } = await runtime.call({ usage: true });
    if (memory > MEMORY) broken.push(`the linear memory has ${memory} bytes`);
    if (runtime.output().includes(`sk_test_fuzz${seed}`)) broken.push("the secret key is printed");
    return broken.map((what) => `${name}, seed ${seed}: ${what}`);
  } finally {
    await runtime.stop();
    await server.close();
    await elsewhere.close();
  }
}

/**
 * Makes `count` calls or runs of a kind, many at a time. Repeats a late one alone, up to three
 * times, because the machine may have been busy.
 */
async function inTurn({ runtime, server, elsewhere }, what, kind, seed, count) {
  const broken = [];
  const late = [];
  let next = 0;
  const make = async (n) => {
    const made = kind.random(seed, n, { elsewhere });
    const rules = await kind.make(runtime, server, made);
    return rules.map((rule) => ({ rule, line: `${what} ${n}: ${rule}: ${kind.describe(made)}` }));
  };
  const work = async () => {
    while (next < count) {
      const n = next++;
      for (const { rule, line } of await make(n))
        if (rule === LATE) late.push(n);
        else broken.push(line);
    }
  };
  await Promise.all(Array.from({ length: kind.concurrency }, work));
  for (const n of late) {
    for (let left = 3, isLate = true; isLate && left > 0; left--) {
      const found = await make(n);
      isLate = found.some(({ rule }) => rule === LATE);
      const counted = found.filter(({ rule }) => rule !== LATE || left === 1);
      broken.push(...counted.map(({ line }) => line));
    }
  }
  return broken;
}

/** Returns what is left after all calls: timers, fetches, listeners and unhandled rejections. */
export async function leftBehind(runtime, what, leave) {
  const { pending, rejections } = await runtime.call({ leftovers: true, leave });
  const left = Object.entries(pending).filter(([, count]) => count > 0);
  return [
    ...left.map(([kind, count]) => `${what} left ${count} ${kind}`),
    ...rejections.map((reason) => `${what} left an unhandled rejection: ${reason}`),
  ];
}
