// Tests the calls and bulk runs of a seed in each runtime: makes many at a time, and collects the
// rules that were broken.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SERVERS, type Runtime } from "../support/runtimes.ts";
import { startScripted, type Scripted } from "../support/scripted.ts";
import { describeBulkRun, makeBulkRun, randomBulkRun } from "./bulk.ts";
import { describeGroup, makeGroup, randomGroup, TOGETHER } from "./calls.ts";
import { LATE } from "./rules.ts";

/** What is made many at a time: a group of calls, or a bulk run. */
interface Kind<Made> {
  random(seed: number, n: number, elsewhere: string): Made;
  /** Returns the rules that it broke. */
  make(runtime: Runtime, server: Scripted, made: Made): Promise<string[]>;
  describe(made: Made): string;
  concurrency: number;
}

const GROUPS: Kind<ReturnType<typeof randomGroup>> = {
  random: randomGroup,
  make: makeGroup,
  describe: describeGroup,
  concurrency: 7,
};
const BULK: Kind<ReturnType<typeof randomBulkRun>> = {
  random: randomBulkRun,
  make: makeBulkRun,
  describe: describeBulkRun,
  concurrency: 4,
};

/**
 * What the linear memory may have after a run, in bytes: it starts with 1.2 MB, and an answer is
 * read up to 64 KiB.
 */
const MEMORY = 4 * 1024 * 1024;

/** The runtimes' names. */
export const RUNTIMES = Object.keys(SERVERS) as (keyof typeof SERVERS)[];

interface Counts {
  calls: number;
  bulkRuns: number;
}

/** Tests as many calls and bulk runs of a seed in each runtime. */
export function testSeed(seed: number, counts: Counts) {
  describe("random calls break no rule", { concurrency: 2 }, () => {
    for (const name of RUNTIMES)
      test(`${name}, seed ${seed}`, async () =>
        assert.deepEqual(await fuzz(name, seed, counts), []));
  });
}

interface World {
  runtime: Runtime;
  server: Scripted;
  /** Another origin. */
  elsewhere: string;
}

/** Makes random calls and bulk runs. Returns a line for each broken rule. */
async function fuzz(name: keyof typeof SERVERS, seed: number, { calls, bulkRuns }: Counts) {
  await using server = await startScripted();
  await using elsewhere = await startScripted();
  await using runtime = await SERVERS[name]();
  const world = { runtime, server, elsewhere: elsewhere.url };
  const broken = [
    ...(await inTurn(world, "group", GROUPS, seed, Math.ceil(calls / TOGETHER))),
    ...(await leftBehind(runtime, "the calls")),
    ...(await inTurn(world, "bulk run", BULK, seed, bulkRuns)),
    ...(await leftBehind(runtime, "the bulk runs")),
  ];
  for (const stray of server.strays) broken.push(`a request that belongs to no call: ${stray}`);
  for (const stray of elsewhere.strays) broken.push(`a request to another origin: ${stray}`);
  const { memory } = await runtime.call({ leftovers: true });
  if (memory > MEMORY) broken.push(`the linear memory has ${memory} bytes`);
  if (runtime.output().includes(`sk_test_fuzz${seed}`)) broken.push("the secret key is printed");
  return broken.map((what) => `${name}, seed ${seed}: ${what}`);
}

/**
 * Makes `count` calls or runs of a kind, many at a time. Repeats a late one alone, up to three
 * times, because the machine may have been busy.
 */
async function inTurn<Made>(
  { runtime, server, elsewhere }: World,
  what: string,
  kind: Kind<Made>,
  seed: number,
  count: number,
) {
  const broken: string[] = [];
  const late: number[] = [];
  let next = 0;
  const make = async (n: number) => {
    const made = kind.random(seed, n, elsewhere);
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

interface Leftovers {
  pending: Record<string, number>;
  rejections: string[];
}

/** Returns what is left after all calls: timers, fetches, listeners and unhandled rejections. */
export async function leftBehind(runtime: Runtime, what: string, leave = false) {
  const { pending, rejections }: Leftovers = await runtime.call({ leftovers: true, leave });
  const left = Object.entries(pending).filter(([, count]) => count > 0);
  return [
    ...left.map(([kind, count]) => `${what} left ${count} ${kind}`),
    ...rejections.map((reason) => `${what} left an unhandled rejection: ${reason}`),
  ];
}
