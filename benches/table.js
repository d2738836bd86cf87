// The results as Markdown: medians, the middle half of the samples, and ratios to bare fetch.
const NAMES = { package: "clerk-sign-in-tokens", fetch: "bare `fetch`", clerk: "`@clerk/backend`" };

export function tables({ sizes, coldStarts, loads }) {
  return [
    ["Shipped to a Worker, bytes (gzip -9)", sizeTable(sizes)],
    ["Cold start to the first answer, ms", sampleTable(coldStarts)],
    ["CPU of a create, µs", sampleTable(pick(loads, ({ cpu }) => cpu.create))],
    ["CPU of a create that fails, µs", sampleTable(pick(loads, ({ cpu }) => cpu.failing))],
    ...Object.entries({ create: 1, "concurrency 16": 16, "concurrency 256": 256 }).map(
      ([load, concurrency]) => [
        `Creates a second, ${concurrency} at a time`,
        sampleTable(pick(loads, ({ throughput }) => throughput[load])),
      ],
    ),
    ["Memory of the process, MB, after 1 / 1,000 / all calls", memoryTable(loads)],
  ]
    .map(([title, table]) => `**${title}**\n\n${table}`)
    .join("\n\n");
}

/** The lines that the README shows. */
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
    ...Object.entries({
      "a create": "create",
      "a create, 16 at a time": "concurrency 16",
      "a create, 256 at a time": "concurrency 256",
      "a create that fails": "failing",
    }).flatMap(([what, load]) => cpuRows(loads, what, load)),
    ...Object.entries(loads).map(([runtime, results]) => [
      `memory of the process after ${runtime}'s loads`,
      ...clients((client) => `${Math.round(Object.values(results[client].memory).at(-1))} MB`),
    ]),
  ];
  return table(["", ...Object.values(NAMES)], rows);
}

function cpuRows(loads, what, load) {
  return Object.entries(loads).map(([runtime, results]) => {
    const samples = pickOne(results, ({ cpu }) => cpu[load]);
    return [`CPU of ${what}, ${runtime}`, ...clients((client) => ratio(samples, client))];
  });
}

function sizeTable(sizes) {
  const rows = Object.keys(sizes).flatMap((client) =>
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

/** Samples by runtime and client: medians, quartiles, ratios. */
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

function ratio(samples, client) {
  return `${(quartiles(samples[client]).median / quartiles(samples.fetch).median).toFixed(2)} ×`;
}

function quartiles(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.round((sorted.length - 1) * part)];
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

function clients(cell) {
  return Object.keys(NAMES).map(cell);
}

function pick(runtimes, of) {
  return Object.fromEntries(
    Object.entries(runtimes).map(([runtime, results]) => [runtime, pickOne(results, of)]),
  );
}

function pickOne(results, of) {
  return Object.fromEntries(
    Object.entries(results).map(([client, result]) => [client, of(result)]),
  );
}

function figure(value) {
  return value >= 100 ? thousands(Math.round(value)) : value.toFixed(1);
}

function thousands(value) {
  return value.toLocaleString("en-US");
}

function table(head, rows) {
  return [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}
