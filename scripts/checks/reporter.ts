// Node's spec reporter. Before its summary, it also prints the slowest files, and the command that
// runs each failed file alone. On CI, which has all that the tests need, a skipped test fails the
// run.
import { relative } from "node:path";
import { Readable } from "node:stream";
import { spec as Spec } from "node:test/reporters";

import { root } from "../tools.js";
import type { TestEvent } from "node:test/reporters";

/** The number of the slowest files that are printed. */
const SLOWEST = 10;

export default async function* report(events: AsyncIterable<TestEvent>) {
  yield* Readable.from(withNotes(events)).compose(new Spec());
}

/** Adds the notes before the summary, which starts with the number of tests. */
async function* withNotes(events: AsyncIterable<TestEvent>) {
  const failed = new Set<string>();
  const durations = new Map<string, number>();
  const skipped: string[] = [];
  for await (const event of events) {
    const { type, data } = event;
    const file = data && "file" in data && data.file ? relative(root, data.file) : undefined;
    // Tests that tests/support registers have its name.
    if (type === "test:fail" && file && /\.(test|soak)\.[jt]s$/.test(file)) failed.add(file);
    if (type === "test:pass" && data.skip !== undefined && process.env.CI) {
      process.exitCode = 1;
      skipped.push(data.name);
    }
    if (type === "test:summary" && file) {
      durations.set(file, data.duration_ms);
      if (!data.success) failed.add(file);
    }
    if (type === "test:diagnostic" && /^tests \d+$/.test(data.message)) {
      for (const message of notes(durations, failed, skipped))
        yield { type, data: { ...data, message } };
    }
    yield event;
  }
}

function notes(durations: Map<string, number>, failed: Set<string>, skipped: string[]) {
  const slowest = [...durations].sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
  return [
    ...slowest.map(([file, duration]) => `${Math.round(duration / 1000)} s: ${file}`),
    ...skipped.map((name) => `failed, because CI skips no test: ${name}`),
    ...[...failed].map((file) => `to run it alone: npm test -- ${file}`),
  ];
}
