// Writes the results as Markdown: medians, quartiles, and ratios to bare fetch.
import { CLIENTS } from "./app.js";
import { HELD } from "./growth.js";
import { each, LOAD_NAMES } from "./measure.js";

/**
 * @typedef {import("./app.js").Client} Client
 * @typedef {import("./runtimes.js").Runtime} Runtime
 * @typedef {import("./measure.js").LoadName} LoadName
 * @typedef {import("./measure.js").Measured} Measured
 * @typedef {Record<Client, number[]>} Samples
 * @typedef {Record<Client, Measured>} Loads
 * @typedef {ReturnType<typeof import("./measure.js").sizes>} Sizes
 */

/**
 * @typedef {object} Results
 * @property {Sizes} sizes
 * @property {Record<Runtime, Samples>} coldStarts
 * @property {Record<Runtime, Loads>} loads
 * @property {Record<Runtime, { few: number[], many: number[] }>} signals
 * @property {number} memoryAfterLargeAnswer
 */

/** @type {Record<Client, string>} */
const NAMES = {
  package: "clerk-sign-in-tokens",
  fetch: "bare `fetch`",
  floor: "`fetch`, bounded",
  clerk: "`@clerk/backend`",
};

/** @type {Record<LoadName, string>} */
const TITLES = {
  create: "a create",
  "concurrency 16": "a create, 16 at a time",
  "concurrency 256": "a create, 256 at a time",
  failing: "a create that fails",
};

/**
 * Returns all tables.
 *
 * @param {Results} results
 */
export function tables({ sizes, coldStarts, loads, signals, memoryAfterLargeAnswer }) {
  return [
    titled("Shipped to a Worker, bytes (gzip -9)", sizeTable(sizes)),
    titled("Cold start to the first answer, ms", sampleTable(coldStarts)),
    loadTables(loads, LOAD_NAMES),
    titled("Memory of the process, MB, after 1 / 1,000 / all calls", memoryTable(loads)),
    signalsTable(signals),
    titled("Linear memory after an answer of 60 MB", `${memoryAfterLargeAnswer} MB`),
  ].join("\n\n");
}

/**
 * Returns the tables of some loads.
 *
 * @param {Results["loads"]} loads
 * @param {LoadName[]} names
 */
export function loadTables(loads, names) {
  return names
    .flatMap((name) => [
      titled(`CPU, µs: ${TITLES[name]}`, sampleTable(pick(loads, ({ cpu }) => cpu[name]))),
      titled(
        `Calls a second: ${TITLES[name]}`,
        sampleTable(pick(loads, ({ throughput }) => throughput[name])),
      ),
    ])
    .join("\n\n");
}

/**
 * @param {string} title
 * @param {string} table
 */
function titled(title, table) {
  return `**${title}**\n\n${table}`;
}

/**
 * Returns the README's table.
 *
 * @param {Results} results
 */
export function summary(results) {
  const { sizes, coldStarts, loads } = results;
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
    ...loadRows(loads, "CPU", ({ cpu }) => cpu),
    ...loadRows(loads, "calls a second", ({ throughput }) => throughput),
    ...Object.entries(loads).map(([runtime, results]) => [
      `memory of the process after ${runtime}'s loads`,
      ...clients((client) => `${Math.round(Object.values(results[client].memory).at(-1) ?? 0)} MB`),
    ]),
    ...growth(results).map(([what, ours]) => [what, ours, ...CLIENTS.slice(1).map(() => "")]),
  ];
  return table(["", ...Object.values(NAMES)], rows);
}

/**
 * @param {Results["loads"]} loads
 * @param {string} what
 * @param {(measured: Measured) => Record<LoadName, number[]>} of
 */
function loadRows(loads, what, of) {
  return Object.entries(TITLES).flatMap(([load, title]) =>
    Object.entries(loads).map(([runtime, results]) => {
      const samples = pickOne(results, (measured) => of(measured)[/** @type {LoadName} */ (load)]);
      return [`${what}: ${title}, ${runtime}`, ...clients((client) => ratio(samples, client))];
    }),
  );
}

/**
 * Returns what grows with the number of calls and the size of an answer, of this package only.
 *
 * @param {Results} results
 */
function growth({ signals, memoryAfterLargeAnswer }) {
  const [few, many] = HELD.map(thousands);
  return [
    ...Object.entries(signals).map(([runtime, cpu]) => [
      `CPU: a create with its own signal beside ${many} in flight, × beside ${few}, ${runtime}`,
      ratioOf(cpu.many, cpu.few),
    ]),
    ["linear memory after an answer of 60 MB without a web stream", `${memoryAfterLargeAnswer} MB`],
  ];
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
    ...clients((client) => `${spread(samples[client])} ${ratio(samples, client)}`),
  ]);
  return table(["", ...Object.values(NAMES)], rows);
}

/** @param {Results["signals"]} signals */
export function signalsTable(signals) {
  const rows = Object.entries(signals).map(([runtime, { few, many }]) => [
    runtime,
    spread(few),
    `${spread(many)} ${ratioOf(many, few)}`,
  ]);
  const titles = HELD.map((held) => `beside ${thousands(held)} in flight`);
  return titled("CPU, µs: a create with its own signal", table(["", ...titles], rows));
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
  return ratioOf(samples[client], samples.fetch);
}

/**
 * Returns the median of the rounds' ratios: what else runs on the machine slows both parts of a round.
 *
 * @param {number[]} samples
 * @param {number[]} base
 */
function ratioOf(samples, base) {
  const ratios = samples.map((sample, round) => sample / base[round]);
  return `${quartiles(ratios).median.toFixed(2)} ×`;
}

/** @param {number[]} samples */
function spread(samples) {
  const { low, median, high } = quartiles(samples);
  return `${figure(median)} (${figure(low)}–${figure(high)})`;
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
 * @param {(measured: Measured) => number[]} of
 */
function pick(runtimes, of) {
  return each(/** @type {Runtime[]} */ (Object.keys(runtimes)), (runtime) =>
    pickOne(runtimes[runtime], of),
  );
}

/**
 * @param {Loads} results
 * @param {(measured: Measured) => number[]} of
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
