// Writes the results as Markdown: medians, quartiles, and ratios to bare fetch.
import { CLIENTS } from "./app.ts";
import { IN_FLIGHT } from "./growth.ts";
import { each, LOAD_NAMES } from "./measure.ts";
import type { Client } from "./app.ts";
import type { Runtime } from "./runtimes.ts";
import type { LoadName, Measured, sizes } from "./measure.ts";

type Samples = Record<Client, number[]>;

type Loads = Record<Client, Measured>;

type Sizes = ReturnType<typeof sizes>;

export interface Results {
  sizes: Sizes;
  coldStarts: Record<Runtime, Samples>;
  loads: Record<Runtime, Loads>;
  signals: Record<Runtime, { few: number[]; many: number[] }>;
  memoryAfterLargeAnswer: number;
}

const NAMES: Record<Client, string> = {
  package: "clerk-sign-in-tokens",
  fetch: "bare `fetch`",
  floor: "`fetch`, bounded",
  clerk: "`@clerk/backend`",
};

const TITLES: Record<LoadName, string> = {
  create: "a create",
  "concurrency 16": "a create, 16 at a time",
  "concurrency 256": "a create, 256 at a time",
  failing: "a create that fails",
};

/** Returns all tables. */
export function tables({ sizes, coldStarts, loads, signals, memoryAfterLargeAnswer }: Results) {
  return [
    titled("Shipped to a Worker, bytes (gzip -9)", sizeTable(sizes)),
    titled("Cold start to the first answer, ms", sampleTable(coldStarts)),
    loadTables(loads, LOAD_NAMES),
    titled("Memory of the process, MB, after 1 / 1,000 / all calls", memoryTable(loads)),
    signalsTable(signals),
    titled("Linear memory after an answer of 60 MB", `${memoryAfterLargeAnswer} MB`),
  ].join("\n\n");
}

/** Returns the tables of some loads. */
export function loadTables(loads: Results["loads"], names: LoadName[]) {
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

function titled(title: string, table: string) {
  return `**${title}**\n\n${table}`;
}

/** Returns the README's table. */
export function summary(results: Results) {
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

function loadRows(
  loads: Results["loads"],
  what: string,
  of: (measured: Measured) => Record<LoadName, number[]>,
) {
  return Object.entries(TITLES).flatMap(([load, title]) =>
    Object.entries(loads).map(([runtime, results]) => {
      const samples = pickOne(results, (measured) => of(measured)[load as LoadName]);
      return [`${what}: ${title}, ${runtime}`, ...clients((client) => ratio(samples, client))];
    }),
  );
}

/**
 * Returns what grows with the number of calls and the size of an answer, of this package only.
 */
function growth({ signals, memoryAfterLargeAnswer }: Results) {
  const [few, many] = IN_FLIGHT.map(thousands);
  return [
    ...Object.entries(signals).map(([runtime, cpu]) => [
      `CPU: a create with its own signal beside ${many} in flight, × beside ${few}, ${runtime}`,
      ratioOf(cpu.many, cpu.few),
    ]),
    ["linear memory after an answer of 60 MB without a web stream", `${memoryAfterLargeAnswer} MB`],
  ];
}

function sizeTable(sizes: Sizes) {
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

/** Returns a table of medians, quartiles and ratios. */
function sampleTable(runtimes: Record<Runtime, Samples>) {
  const rows = Object.entries(runtimes).map(([runtime, samples]) => [
    runtime,
    ...clients((client) => `${spread(samples[client])} ${ratio(samples, client)}`),
  ]);
  return table(["", ...Object.values(NAMES)], rows);
}

export function signalsTable(signals: Results["signals"]) {
  const rows = Object.entries(signals).map(([runtime, { few, many }]) => [
    runtime,
    spread(few),
    `${spread(many)} ${ratioOf(many, few)}`,
  ]);
  const titles = IN_FLIGHT.map((count) => `beside ${thousands(count)} in flight`);
  return titled("CPU, µs: a create with its own signal", table(["", ...titles], rows));
}

function memoryTable(loads: Results["loads"]) {
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

function ratio(samples: Samples, client: Client) {
  return ratioOf(samples[client], samples.fetch);
}

/**
 * Returns the median of the rounds' ratios: what else runs on the machine slows both parts of a
 * round.
 */
function ratioOf(samples: number[], base: number[]) {
  const ratios = samples.map((sample, round) => sample / base[round]);
  return `${quartiles(ratios).median.toFixed(2)} ×`;
}

function spread(samples: number[]) {
  const { low, median, high } = quartiles(samples);
  return `${figure(median)} (${figure(low)}–${figure(high)})`;
}

function quartiles(samples: number[]) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.round((sorted.length - 1) * part)];
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** Returns a cell for each client. */
function clients(cell: (client: Client) => string) {
  return CLIENTS.map(cell);
}

function pick(runtimes: Results["loads"], of: (measured: Measured) => number[]) {
  return each(Object.keys(runtimes) as Runtime[], (runtime) => pickOne(runtimes[runtime], of));
}

function pickOne(results: Loads, of: (measured: Measured) => number[]) {
  return each(CLIENTS, (client) => of(results[client]));
}

function figure(value: number) {
  return value >= 100 ? thousands(Math.round(value)) : value.toFixed(1);
}

function thousands(value: number) {
  return value.toLocaleString("en-US");
}

function table(head: string[], rows: string[][]) {
  return [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}
