// Measures every client in every runtime. Each round measures all of them, so that other load on
// the machine affects all.
import { type Client, CLIENTS } from "./app.ts";
import { stats } from "./process-stats.ts";
import { coldStart, type Runtime, RUNTIMES, type Started, startLoad } from "./runtimes.ts";
import { bundle, gzipped } from "./size.ts";

type Load = { count: number; concurrency: number; userId: string };

export type LoadName = keyof typeof LOADS;

/**
 * The measurements of a client: CPU in µs per call, calls per second, and the resident MB of the
 * process at the end.
 */
export interface Measured {
  cpu: Record<LoadName, number[]>;
  throughput: Record<LoadName, number[]>;
  memory: number;
}

/**
 * The loads of a round: short, so that what else runs on the machine slows all clients of a round
 * alike.
 */
export const LOADS = {
  create: { title: "a create", count: 500, concurrency: 1, userId: "user_1" },
  failing: { title: "a create that fails", count: 250, concurrency: 1, userId: "user_none" },
  "concurrency 16": {
    title: "a create, 16 at a time",
    count: 500,
    concurrency: 16,
    userId: "user_1",
  },
  "concurrency 256": {
    title: "a create, 256 at a time",
    count: 768,
    concurrency: 256,
    userId: "user_1",
  },
};

export const LOAD_NAMES = Object.keys(LOADS) as LoadName[];

/** Returns the shipped bytes of each client. */
export function sizes(dir: string) {
  return each(CLIENTS, (client) => ({
    default: gzipped(bundle(dir, "minimal", client, { minify: false }).files),
    minified: gzipped(bundle(dir, "minimal", client).files),
  }));
}

/** Returns the milliseconds to a first answer, by runtime and client. */
export async function coldStarts(dir: string, apiUrl: string, rounds: number) {
  const samples = each(RUNTIMES, () => each(CLIENTS, () => [] as number[]));
  for (let round = -1; round < rounds; round++) {
    for (const runtime of RUNTIMES) {
      for (const client of rotated(CLIENTS, round)) {
        const ms = await coldStart(runtime, { dir, client, apiUrl });
        // The first round fills the disk cache.
        if (round >= 0) samples[runtime][client].push(ms);
      }
    }
  }
  return samples;
}

/**
 * Measures the loads of all clients in one runtime.
 *
 * @param names the loads to measure
 */
export async function loads(
  runtime: Runtime,
  dir: string,
  apiUrl: string,
  rounds: number,
  names: LoadName[],
): Promise<Record<Client, Measured>> {
  const results = each(CLIENTS, () => ({
    cpu: each(LOAD_NAMES, () => [] as number[]),
    throughput: each(LOAD_NAMES, () => [] as number[]),
    memory: 0,
  }));
  const running: { process: Started; result: Measured }[] = [];
  try {
    for (const client of CLIENTS) {
      const process = await startLoad(runtime, { dir, client, apiUrl });
      running.push({ process, result: results[client] });
    }
    for (const count of [1, 999])
      for (const { process } of running) await measure(process, { ...LOADS.create, count });
    for (let round = 0; round < rounds; round++) {
      for (const name of names) {
        for (const { process, result } of rotated(running, round)) {
          const { cpu, rate, memory } = await measure(process, LOADS[name]);
          result.cpu[name].push(cpu);
          result.throughput[name].push(rate);
          result.memory = memory;
        }
      }
    }
    return results;
  } finally {
    for (const { process } of running) await process.stop();
  }
}

/** Runs a load. Returns the CPU in µs per call, the calls per second, and the resident MB. */
export async function measure({ url, pid }: Started, { count, concurrency, userId }: Load) {
  const before = stats(pid).cpu;
  const begun = performance.now();
  const response = await fetch(
    `${url}/?count=${count}&concurrency=${concurrency}&userId=${userId}`,
  );
  const seconds = (performance.now() - begun) / 1000;
  const { cpu, memory } = stats(pid);
  const { created, failed } = (await response.json()) as { created: number; failed: number };
  const expected = userId === "user_none" ? failed : created;
  if (expected !== count)
    throw new Error(`${count} calls ended in ${created} tokens and ${failed} errors`);
  return { cpu: ((cpu - before) * 1000) / count, rate: count / seconds, memory };
}

/** Returns the items, starting with another one in each round. */
function rotated<Item>(items: readonly Item[], round: number) {
  const first = (round + items.length) % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/** Returns an object with a value for each name. */
export function each<Name extends string, Value>(
  names: readonly Name[],
  of: (name: Name) => Value,
) {
  const entries = names.map((name) => [name, of(name)]);
  return Object.fromEntries(entries) as Record<Name, Value>;
}
