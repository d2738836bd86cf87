// Replays the golden traces of the pacer, as src/bulk/tests/traces.rs does in Rust: so the pacing
// of the two cannot differ. UPDATE_TRACES=1 writes them anew, from a simulation.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../scripts/tools.js";
import { Random } from "../support/random.ts";
import { begin, record, replay } from "../support/trace.ts";
import type { Failure, Item, Settings } from "../support/trace.ts";

/** What the calls of one phase of the simulation end with: weights, and failures. */
type Phase = [number, Failure | undefined][];

const failure = (code: string, outcome: string, attempts = 1, retryAfter?: number) =>
  ({ code, outcome, attempts, ...(retryAfter === undefined ? {} : { retryAfter }) }) as Failure;

const LOST = failure("network", "unknown");
const HEALTHY: Phase = [
  [30, undefined],
  [1, failure("not_found", "none")],
  [1, failure("invalid_argument", "none", 0)],
  [1, LOST],
];
const BUSY: Phase = [
  [3, undefined],
  [1, failure("rate_limited", "none", 1, 2)],
  [1, failure("rate_limited", "none", 1, 0)],
  [1, failure("rate_limited", "none")],
];
const CROWDED: Phase = [
  [2, undefined],
  [1, failure("rate_limited", "none", 1, 0)],
  [0.1, failure("rate_limited", "none", 1, 1)],
];
const DOWN: Phase = [
  [4, LOST],
  [2, failure("timeout", "unknown")],
  [2, failure("network", "none")],
  [1, failure("invalid_argument", "none", 0)],
];
const MIXED: Phase = [...HEALTHY.slice(1), ...BUSY, ...DOWN, ...FAILING()];

/**
 * A trace: its settings, the phases, which last a second each, the last one longer, and what
 * happens once.
 */
interface Plan extends Partial<Settings> {
  inputs: number;
  phases: Phase[];
  stopAt?: number;
  limitAt?: number;
  /** When the clock is set back. */
  backAt?: number;
}

const PLANS: Record<string, Plan> = {
  production: { inputs: 50, phases: [HEALTHY], backAt: 300 },
  "rate-limit": { inputs: 90, phases: [BUSY, BUSY, BUSY, BUSY, BUSY, HEALTHY] },
  crowded: { inputs: 80, limit: 100, phases: [CROWDED] },
  outage: { inputs: 130, phases: [HEALTHY, ...Array<Phase>(70).fill(DOWN), HEALTHY] },
  "late-limit": { inputs: 80, limit: 100, phases: [MIXED, MIXED, HEALTHY], limitAt: 2000 },
  revoke: { inputs: 60, isIdempotent: true, maxRetries: 3, phases: [FAILING(), MIXED, HEALTHY] },
  stop: { inputs: 200, phases: [HEALTHY, BUSY], stopAt: 1004 },
};

function FAILING(): Phase {
  return [
    [2, failure("server_error", "unknown", 1, 3)],
    [2, failure("server_error", "unknown")],
    [4, undefined],
  ];
}

let write: (line: string) => void;
record((line) => write(line));

for (const [seed, [name, plan]] of Object.entries(PLANS).entries()) {
  test(name, () => {
    const file = join(root, "tests", "traces", `${name}.txt`);
    const lines: string[] = [];
    write = (line) => lines.push(line);
    if (process.env.UPDATE_TRACES) {
      simulate(plan, new Random(seed + 1));
      writeFileSync(file, `${lines.splice(0).join("\n")}\n`);
    }
    const trace = readFileSync(file, "utf8").trimEnd().split("\n");
    replay(trace, write);
    assert.equal(lines.length, trace.length);
    for (const [n, line] of lines.entries()) assert.equal(line, trace[n], `line ${n + 1}`);
  });
}

/** Drives a pacer in simulated time. */
function simulate(
  { inputs, phases, stopAt = Infinity, limitAt, backAt, ...given }: Plan,
  random: Random,
) {
  const defaults = { limit: 1000, concurrency: 20, maxRetries: 10, isIdempotent: false };
  const pacer = begin({ ...defaults, ...given }, 0, write);
  const ms = (max: number) => random.int(1, max * 1000) / 1000;
  let now = 0;
  let events = [{ at: stopAt, happen: () => pacer.stop() as unknown }];
  const after = (ms: number, happen: () => unknown) => events.push({ at: now + ms, happen });
  const end = (item: Item) => {
    const phase = phases[Math.min(Math.floor(now / 1000), phases.length - 1)];
    const isRetried = pacer.ended(item, random.weighted(phase), now, random.int(0, 999) / 1000);
    if (!isRetried) after(random.chance(0.9) ? 0 : ms(500), () => pacer.taken());
  };
  if (backAt) after(backAt, () => (now -= 100));
  if (limitAt) after(limitAt, () => pacer.setLimit(1000));
  for (let step; (step = pacer.next(now)).do !== "end";) {
    if (step.do === "send") {
      const { item } = step;
      after(ms(random.chance(0.05) ? 3000 : 150), () => end(item));
    } else if (step.do === "pull" && inputs-- <= 0) pacer.exhausted();
    else if (step.do === "pull" && random.chance(0.1)) after(ms(50), () => pacer.pulled());
    else if (step.do === "pull") pacer.pulled();
    else {
      const next = events.reduce((first, event) => (event.at < first.at ? event : first));
      if (next.at <= now + step.ms) events = events.filter((event) => event !== next);
      now = Math.max(now, Math.min(next.at, now + step.ms));
      if (next.at <= now && !events.includes(next)) next.happen();
    }
  }
}
