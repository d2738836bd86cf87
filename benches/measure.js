// Measures every client in every runtime, interleaved round by round, so that whatever else the machine does hits all alike.
import { CLIENTS } from "./app.js";
import { stats } from "./process-stats.js";
import { coldStart, RUNTIMES, startLoad } from "./runtimes.js";
import { bundle, size } from "./size.js";

/** One round's loads: how many creates, how many at a time, and what is told of it. */
const LOADS = {
  create: { count: 2200, concurrency: 1, userId: "user_1" },
  failing: { count: 1000, concurrency: 1, userId: "user_none" },
  "concurrency 16": { count: 1700, concurrency: 16, userId: "user_1" },
  "concurrency 256": { count: 1700, concurrency: 256, userId: "user_1" },
};

/** Shipped bytes: `{ client: { default: { raw, gzip, brotli }, minified: … } }`. */
export function sizes(dir) {
  return each(CLIENTS, (client) => ({
    default: size(bundle(dir, "minimal", client, { minify: false }).files),
    minified: size(bundle(dir, "minimal", client).files),
  }));
}

/** Milliseconds to a first answer: `{ runtime: { client: [ms, …] } }`. */
export async function coldStarts(dir, apiUrl, rounds) {
  const samples = each(RUNTIMES, () => each(CLIENTS, () => []));
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
 * The loads in one runtime: `{ client: { cpu: { load: [µs per call, …] }, throughput: { load: [calls/s, …] }, memory } }`,
 * `memory` being the process's resident MB after so many calls.
 */
export async function loads(runtime, dir, apiUrl, rounds) {
  const clients = {};
  for (const client of CLIENTS) {
    const process = await startLoad(runtime, { dir, client, apiUrl });
    clients[client] = {
      process,
      calls: 0,
      cpu: each(Object.keys(LOADS), () => []),
      throughput: each(Object.keys(LOADS), () => []),
      memory: {},
    };
  }
  try {
    for (const calls of [1, 999]) {
      for (const client of CLIENTS)
        await measure(clients[client], { ...LOADS.create, count: calls });
    }
    for (let round = 0; round < rounds; round++) {
      for (const [name, load] of Object.entries(LOADS)) {
        for (const client of rotated(round)) {
          const { cpu, rate } = await measure(clients[client], load);
          clients[client].cpu[name].push(cpu);
          clients[client].throughput[name].push(rate);
        }
      }
    }
  } finally {
    for (const { process } of Object.values(clients)) await process.stop();
  }
  return each(CLIENTS, (client) => {
    const { cpu, throughput, memory } = clients[client];
    return { cpu, throughput, memory };
  });
}

async function measure(client, { count, concurrency, userId }) {
  const { url, pid } = client.process;
  const before = stats(pid).cpu;
  const begun = performance.now();
  const response = await fetch(`${url}/?${new URLSearchParams({ count, concurrency, userId })}`);
  const seconds = (performance.now() - begun) / 1000;
  const { cpu, memory } = stats(pid);
  const { created, failed } = await response.json();
  const expected = userId === "user_none" ? failed : created;
  if (expected !== count)
    throw new Error(`${count} calls came to ${created} tokens and ${failed} errors`);
  client.calls += count;
  client.memory[client.calls] = memory;
  return { cpu: ((cpu - before) * 1000) / count, rate: count / seconds };
}

/** The clients, begun with another one each round. */
function rotated(round) {
  const first = (round + CLIENTS.length) % CLIENTS.length;
  return [...CLIENTS.slice(first), ...CLIENTS.slice(0, first)];
}

function each(names, of) {
  return Object.fromEntries(names.map((name) => [name, of(name)]));
}
