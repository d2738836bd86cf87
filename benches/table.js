// Writes the results as Markdown: medians, quartiles, and ratios to bare fetch.
import { CLIENTS } from "./app.js";
import { each } from "./measure.js";

/**
 * @typedef {import("./app.js").Client} Client
 * @typedef {import("./runtimes.js").Runtime} Runtime
 * @typedef {import("./measure.js").LoadName} LoadName
 * @typedef {Record<Client, number[]>} Samples
 * @typedef {Record<Client, import("./measure.js").Measured>} Loads
 * @typedef {ReturnType<typeof import("./measure.js").sizes>} Sizes
 */

/**
 * @typedef {object} Results
 * @property {Sizes} sizes
 * @property {Record<Runtime, Samples>} coldStarts
 * @property {Record<Runtime, Loads>} loads
 */

/** @type {Record<Client, string>} */
const NAMES = { package: "clerk-sign-in-tokens", fetch: "bare `fetch`", clerk: "`@clerk/backend`" };

/** @type {Record<string, LoadName>} */
const AT_A_TIME = { 1: "create", 16: "concurrency 16", 256: "concurrency 256" };

/** @type {Record<string, LoadName>} */
const CPU = {
  "a create": "create",
  "a create, 16 at a time": "concurrency 16",
  "a create, 256 at a time": "concurrency 256",
  "a create that fails": "failing",
};

/**
 * Returns all tables.
 *
 * @param {Results} results
 */
export function tables({ sizes, coldStarts, loads }) {
  return [
    ["Shipped to a Worker, bytes (gzip -9)", sizeTable(sizes)],
    ["Cold start to the first answer, ms", sampleTable(coldStarts)],
    ["CPU of a create, µs", sampleTable(pick(loads, ({ cpu }) => cpu.create))],
    ["CPU of a create that fails, µs", sampleTable(pick(loads, ({ cpu }) => cpu.failing))],
    ...Object.entries(AT_A_TIME).map(([concurrency, load]) => [
      `Creates a second, ${concurrency} at a time`,
      sampleTable(pick(loads, ({ throughput }) => throughput[load])),
    ]),
    ["Memory of the process, MB, after 1 / 1,000 / all calls", memoryTable(loads)],
  ]
    .map(([title, table]) => `**${title}**\n\n${table}`)
    .join("\n\n");
}

/**
 * Returns the README's table.
 *
 * @param {Results} results
 */
export function summary({ sizes, coldStarts, loads }) {
  const rows = [
    [
      "shipped to a Worker, gzip -9 (`wrangler deploy --minify`)",
      ...clients((client) => `${thousands(sizes[client].minified.gzip)} B`),
    ],
    [
      "the same without `--minify`",
      ...clients((client) => `${thousands(sizes[client].default.gzip)} B`),
    ],
    ...Object.entries(coldStarts).map(([runtime, samples]) => [
      runtime === "workerd"
        ? "cold start, workerd: process start to first answer"
        : `cold start, ${runtime}: import to first answer`,
      ...clients((client) => ratio(samples, client)),
    ]),
    ...Object.entries(CPU).flatMap(([what, load]) => cpuRows(loads, what, load)),
    ...Object.entries(loads).map(([runtime, results]) => [
      `memory of the process after ${runtime}'s loads`,
      ...clients((client) => `${Math.round(Object.values(results[client].memory).at(-1) ?? 0)} MB`),
    ]),
  ];
  return table(["", ...Object.values(NAMES)], rows);
}

/**
 * @param {Results["loads"]} loads
 * @param {string} what
 * @param {LoadName} load
 */
function cpuRows(loads, what, load) {
  return Object.entries(loads).map(([runtime, results]) => {
    const samples = pickOne(results, ({ cpu }) => cpu[load]);
    return [`CPU of ${what}, ${runtime}`, ...clients((client) => ratio(samples, client))];
  });
}

/** @param {Sizes} sizes */
function sizeTable(sizes) {
  const rows = CLIENTS.flatMap((client) =>
    Object.entries(sizes[client]).map(([kind, { raw, gzip, brotli }]) => [
      NAMES[client],
      kind,
      thousands(gzip),
      thousands(raw),
      thousands(brotli),
    ]),
  );
  return table(["", "bundle", "gzip -9", "raw", "brotli"], rows);
}

/**
 * Returns a table of medians, quartiles and ratios.
 *
 * @param {Record<Runtime, Samples>} runtimes
 */
function sampleTable(runtimes) {
  const rows = Object.entries(runtimes).map(([runtime, samples]) => [
    runtime,
    ...clients((client) => {
      const { low, median, high } = quartiles(samples[client]);
      return `${figure(median)} (${figure(low)}–${figure(high)}) ${ratio(samples, client)}`;
    }),
  ]);
  return table(["", ...Object.values(NAMES)], rows);
}

/** @param {Results["loads"]} loads */
function memoryTable(loads) {
  const rows = Object.entries(loads).map(([runtime, results]) => [
    runtime,
    ...clients((client) => {
      const memory = results[client].memory;
      const counts = Object.keys(memory).map(Number);
      return [1, 1000, Math.max(...counts)].map((count) => Math.round(memory[count])).join(" / ");
    }),
  ]);
  return table(["", ...Object.values(NAMES)], rows);
}

/**
 * @param {Samples} samples
 * @param {Client} client
 */
function ratio(samples, client) {
  return `${(quartiles(samples[client]).median / quartiles(samples.fetch).median).toFixed(2)} ×`;
}

/** @param {number[]} samples */
function quartiles(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.round((sorted.length - 1) * part)];
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/**
 * Returns a cell for each client.
 *
 * @param {(client: Client) => string} cell
 */
function clients(cell) {
  return CLIENTS.map(cell);
}

/**
 * @param {Results["loads"]} runtimes
 * @param {(measured: import("./measure.js").Measured) => number[]} of
 */
function pick(runtimes, of) {
  return each(/** @type {Runtime[]} */ (Object.keys(runtimes)), (runtime) =>
    pickOne(runtimes[runtime], of),
  );
}

/**
 * @param {Loads} results
 * @param {(measured: import("./measure.js").Measured) => number[]} of
 */
function pickOne(results, of) {
  return each(CLIENTS, (client) => of(results[client]));
}

/** @param {number} value */
function figure(value) {
  return value >= 100 ? thousands(Math.round(value)) : value.toFixed(1);
}

/** @param {number} value */
function thousands(value) {
  return value.toLocaleString("en-US");
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function table(head, rows) {
  return [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}
