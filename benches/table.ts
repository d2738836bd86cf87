// The table of the results in Markdown: medians for bare fetch, and ratios to it.
import { type Client, CLIENTS } from "./app.ts";
import { IN_FLIGHT, type signals } from "./growth.ts";
import { each, LOAD_NAMES, type LoadName, LOADS, type Measured, type sizes } from "./measure.ts";
import type { Runtime } from "./runtimes.ts";

type Samples = Record<Client, number[]>;

/** What was measured. A quick look has only a part. */
export interface Results {
  sizes: ReturnType<typeof sizes>;
  coldStarts: Record<Runtime, Samples>;
  loads: Record<Runtime, Record<Client, Measured>>;
  signals: Record<Runtime, Awaited<ReturnType<typeof signals>>>;
  memoryAfterLargeAnswer: number;
}

const NAMES: Record<Client, string> = {
  package: "clerk-sign-in-tokens",
  fetch: "bare `fetch`",
  floor: "`fetch`, bounded",
  clerk: "`@clerk/backend`",
};

export function table(results: Partial<Results>) {
  const { sizes, coldStarts, loads } = results;
  const rows = [
    ...(sizes ? sizeRows(sizes) : []),
    ...rowsOf(coldStarts, (runtime, samples) => {
      const start = runtime === "workerd" ? "process start" : "import";
      return sampleRow(`cold start, ${runtime}: ${start} to first answer`, samples, " ms");
    }),
    ...loadRows(loads, "CPU", " µs", ({ cpu }) => cpu),
    ...loadRows(loads, "calls a second", "", ({ throughput }) => throughput),
    ...rowsOf(loads, (runtime, measured) => [
      `memory of the process after ${runtime}'s loads`,
      ...CLIENTS.map((client) => `${figure(measured[client].memory)} MB`),
    ]),
    ...growthRows(results),
  ];
  const head = ["", ...CLIENTS.map((client) => NAMES[client])];
  const line = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, line, ...rows.map((row) => head.map((_, column) => row[column] ?? ""))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

/** Returns what grows with the calls in flight and with an answer, for this package only. */
function growthRows({ signals, memoryAfterLargeAnswer }: Partial<Results>) {
  const [few, many] = IN_FLIGHT.map(figure);
  const rows = rowsOf(signals, (runtime, cpu) => [
    `CPU: a create with its own signal beside ${many} in flight, × beside ${few}, ${runtime}`,
    ratio(cpu.many, cpu.few),
  ]);
  if (memoryAfterLargeAnswer === undefined) return rows;
  const memory = "linear memory after an answer of 60 MB without a web stream";
  return [...rows, [memory, `${memoryAfterLargeAnswer} MB`]];
}

function sizeRows(sizes: Results["sizes"]) {
  const row = (title: string, kind: "minified" | "default") => [
    title,
    ...CLIENTS.map((client) => `${figure(sizes[client][kind])} B`),
  ];
  return [
    row("shipped to a Worker, gzip -9 (`wrangler deploy --minify`)", "minified"),
    row("the same without `--minify`", "default"),
  ];
}

function loadRows(
  loads: Results["loads"] | undefined,
  what: string,
  unit: string,
  of: (measured: Measured) => Record<LoadName, number[]>,
) {
  return LOAD_NAMES.flatMap((name) =>
    rowsOf(loads, (runtime, measured) => {
      const samples = each(CLIENTS, (client) => of(measured[client])[name]);
      return samples.fetch.length > 0
        ? sampleRow(`${what}: ${LOADS[name].title}, ${runtime}`, samples, unit)
        : [];
    }),
  );
}

/** Returns a row for each runtime that was measured. */
function rowsOf<Measured>(
  runtimes: Partial<Record<Runtime, Measured>> = {},
  row: (runtime: string, measured: Measured) => string[],
) {
  return Object.entries(runtimes)
    .map(([runtime, measured]) => row(runtime, measured))
    .filter(({ length }) => length > 0);
}

function sampleRow(title: string, samples: Samples, unit: string) {
  const cell = (client: Client) =>
    client === "fetch"
      ? `${figure(median(samples.fetch))}${unit}`
      : ratio(samples[client], samples.fetch);
  return [title, ...CLIENTS.map(cell)];
}

/**
 * Returns the median of the rounds' ratios: what else runs on the machine slows both parts of a
 * round.
 */
function ratio(samples: number[], base: number[]) {
  return `${median(samples.map((sample, round) => sample / base[round])).toFixed(2)} ×`;
}

function median(samples: number[]) {
  return samples.toSorted((a, b) => a - b)[Math.round((samples.length - 1) / 2)];
}

function figure(value: number) {
  return Math.round(value).toLocaleString("en-US");
}
