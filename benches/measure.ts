// Measures every client in every runtime. Each round measures all of them, so that other load on
// the machine affects all.
import { CLIENTS } from "./app.ts";
import { stats } from "./process-stats.ts";
import {
  coldStart,
  type Options,
  type Runtime,
  RUNTIMES,
  type Started,
  startLoad,
} from "./runtimes.ts";
import { bundle, size } from "./size.ts";
import type { Client } from "./app.ts";

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
  create: { count: 500, concurrency: 1, userId: "user_1" },
  failing: { count: 250, concurrency: 1, userId: "user_none" },
  "concurrency 16": { count: 500, concurrency: 16, userId: "user_1" },
  "concurrency 256": { count: 768, concurrency: 256, userId: "user_1" },
};

export const LOAD_NAMES = Object.keys(LOADS) as LoadName[];

/** Returns the shipped bytes of each client. */
export function sizes(dir: string) {
  return each(CLIENTS, (client) => ({
    default: size(bundle(dir, "minimal", client, { minify: false }).files),
    minified: size(bundle(dir, "minimal", client).files),
  }));
}

/** Returns the milliseconds to a first answer, by runtime and client. */
export async function coldStarts(dir: string, apiUrl: string, rounds: number) {
  const samples = each(RUNTIMES, () => each(CLIENTS, () => [] as number[]));
  for (let round = -1; round < rounds; round++) {
    for (const runtime of RUNTIMES) {
      for (const client of rotated(round)) {
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
  const clients: Map<Client, Running> = new Map();
  try {
    for (const client of CLIENTS)
      clients.set(client, await start(runtime, { dir, client, apiUrl }));
    const of = (client: Client) => clients.get(client) as Running;
    for (const calls of [1, 999]) {
      for (const client of CLIENTS) await measure(of(client), { ...LOADS.create, count: calls });
    }
    for (let round = 0; round < rounds; round++) await measureAll(round, of, names);
    return each(CLIENTS, (client) => {
      const { cpu, throughput, memory } = of(client);
      return { cpu, throughput, memory };
    });
  } finally {
    for (const { process } of clients.values()) await process.stop();
  }
}

type Running = Measured & { process: Started };

export async function start(runtime: Runtime, options: Options): Promise<Running> {
  return {
    process: await startLoad(runtime, options),
    cpu: each(LOAD_NAMES, () => []),
    throughput: each(LOAD_NAMES, () => []),
    memory: 0,
  };
}

/** Measures each load of a round with each client. */
async function measureAll(round: number, of: (client: Client) => Running, names: LoadName[]) {
  for (const name of names) {
    for (const client of rotated(round)) {
      const running = of(client);
      const { cpu, rate } = await measure(running, LOADS[name]);
      running.cpu[name].push(cpu);
      running.throughput[name].push(rate);
    }
  }
}

/** Runs a load. Returns the CPU in µs per call, and the calls per second. */
export async function measure(client: Running, { count, concurrency, userId }: Load) {
  const { url, pid } = client.process;
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
  client.memory = memory;
  return { cpu: ((cpu - before) * 1000) / count, rate: count / seconds };
}

/** Returns the clients, starting with another one in each round. */
function rotated(round: number) {
  const first = (round + CLIENTS.length) % CLIENTS.length;
  return [...CLIENTS.slice(first), ...CLIENTS.slice(0, first)];
}

/** Returns an object with a value for each name. */
export function each<Name extends string, Value>(
  names: readonly Name[],
  of: (name: Name) => Value,
) {
  const entries = names.map((name) => [name, of(name)]);
  return Object.fromEntries(entries) as Record<Name, Value>;
}
