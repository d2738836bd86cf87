// Replays the golden traces of the pacer, as src/bulk/tests/traces.rs does in Rust: so the pacing
// of the two cannot differ. UPDATE_TRACES=1 writes anew what comes out of each moment.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { root } from "../../scripts/tools.js";
import { record, replay } from "../support/trace.ts";

const folder = join(root, "tests", "traces");
let lines: string[] = [];
record((line) => lines.push(line));

function replayed([title, first, ...moments]: string[]) {
  lines = [title, first];
  replay([first, ...moments]);
  return lines;
}

for (const name of readdirSync(folder))
  describe(name, () => {
    const file = join(folder, name);
    const text = readFileSync(file, "utf8").trimEnd();
    const traces = text.split("\n\n").map((trace) => trace.split("\n"));
    if (process.env.UPDATE_TRACES) {
      const texts = traces.map((trace) => replayed(trace).join("\n"));
      return writeFileSync(file, `${texts.join("\n\n")}\n`);
    }
    for (const trace of traces)
      test(trace[0].slice(2), () => assert.deepEqual(replayed(trace), trace));
  });
