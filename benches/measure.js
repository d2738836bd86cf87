// Measures every client in every runtime. Each round measures all of them, so that other load on the machine affects all.
import { CLIENTS } from "./app.js";
import { stats } from "./process-stats.js";
import { coldStart, RUNTIMES, startLoad } from "./runtimes.js";
import { bundle, size } from "./size.js";

/**
 * @typedef {import("./app.js").Client} Client
 * @typedef {import("./runtimes.js").Runtime} Runtime
 * @typedef {{ count: number, concurrency: number, userId: string }} Load
 * @typedef {keyof typeof LOADS} LoadName
 */

/**
 * The measurements of a client: CPU in µs per call, calls per second, and the resident MB of the process by the number of
 * calls.
 *
 * @typedef {object} Measured
 * @property {Record<LoadName, number[]>} cpu
 * @property {Record<LoadName, number[]>} throughput
 * @property {Record<number, number>} memory
 */

/** The loads of a round: short, so that what else runs on the machine slows all clients of a round alike. */
export const LOADS = {
  create: { count: 500, concurrency: 1, userId: "user_1" },
  failing: { count: 250, concurrency: 1, userId: "user_none" },
  "concurrency 16": { count: 500, concurrency: 16, userId: "user_1" },
  "concurrency 256": { count: 768, concurrency: 256, userId: "user_1" },
};

export const LOAD_NAMES = /** @type {LoadName[]} */ (Object.keys(LOADS));

/**
 * Returns the shipped bytes of each client.
 *
 * @param {string} dir
 */
export function sizes(dir) {
  return each(CLIENTS, (client) => ({
    default: size(bundle(dir, "minimal", client, { minify: false }).files),
    minified: size(bundle(dir, "minimal", client).files),
  }));
}

/**
 * Returns the milliseconds to a first answer, by runtime and client.
 *
 * @param {string} dir
 * @param {string} apiUrl
 * @param {number} rounds
 */
export async function coldStarts(dir, apiUrl, rounds) {
  const samples = each(RUNTIMES, () => each(CLIENTS, () => /** @type {number[]} */ ([])));
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
 * @param {Runtime} runtime
 * @param {string} dir
 * @param {string} apiUrl
 * @param {number} rounds
 * @param {LoadName[]} names the loads to measure
 * @returns {Promise<Record<Client, Measured>>}
 */
export async function loads(runtime, dir, apiUrl, rounds, names) {
  /** @type {Map<Client, Running>} */
  const clients = new Map();
  try {
    for (const client of CLIENTS)
      clients.set(client, await start(runtime, { dir, client, apiUrl }));
    const of = (/** @type {Client} */ client) => /** @type {Running} */ (clients.get(client));
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

/** @typedef {Measured & { process: Awaited<ReturnType<typeof startLoad>>, calls: number }} Running */

/**
 * @param {Runtime} runtime
 * @param {import("./runtimes.js").Options} options
 * @returns {Promise<Running>}
 */
export async function start(runtime, options) {
  return {
    process: await startLoad(runtime, options),
    calls: 0,
    cpu: each(LOAD_NAMES, () => []),
    throughput: each(LOAD_NAMES, () => []),
    memory: {},
  };
}

/**
 * Measures each load of a round with each client.
 *
 * @param {number} round
 * @param {(client: Client) => Running} of
 * @param {LoadName[]} names
 */
async function measureAll(round, of, names) {
  for (const name of names) {
    for (const client of rotated(round)) {
      const running = of(client);
      const { cpu, rate } = await measure(running, LOADS[name]);
      running.cpu[name].push(cpu);
      running.throughput[name].push(rate);
    }
  }
}

/**
 * Runs a load. Returns the CPU in µs per call, and the calls per second.
 *
 * @param {Running} client
 * @param {Load} load
 */
export async function measure(client, { count, concurrency, userId }) {
  const { url, pid } = client.process;
  const query = new URLSearchParams({
    count: String(count),
    concurrency: String(concurrency),
    userId,
  });
  const before = stats(pid).cpu;
  const begun = performance.now();
  const response = await fetch(`${url}/?${query}`);
  const seconds = (performance.now() - begun) / 1000;
  const { cpu, memory } = stats(pid);
  const { created, failed } = /** @type {{ created: number, failed: number }} */ (
    await response.json()
  );
  const expected = userId === "user_none" ? failed : created;
  if (expected !== count)
    throw new Error(`${count} calls ended in ${created} tokens and ${failed} errors`);
  client.calls += count;
  client.memory[client.calls] = memory;
  return { cpu: ((cpu - before) * 1000) / count, rate: count / seconds };
}

/**
 * Returns the clients, starting with another one in each round.
 *
 * @param {number} round
 */
function rotated(round) {
  const first = (round + CLIENTS.length) % CLIENTS.length;
  return [...CLIENTS.slice(first), ...CLIENTS.slice(0, first)];
}

/**
 * Returns an object with a value for each name.
 *
 * @template {string} Name, Value
 * @param {readonly Name[]} names
 * @param {(name: Name) => Value} of
 */
export function each(names, of) {
  const entries = names.map((name) => [name, of(name)]);
  return /** @type {Record<Name, Value>} */ (Object.fromEntries(entries));
}
