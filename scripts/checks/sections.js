// Runs the parts of npm test, each a script of its own, some at the same time, and says how long each took.
import { spawn } from "node:child_process";
import { join } from "node:path";

import { root } from "../tools.js";

/** Output that is collected has no terminal of its own. */
const COLORS = process.stdout.isTTY ? { FORCE_COLOR: "1", CARGO_TERM_COLOR: "always" } : {};

/**
 * Runs lanes of sections, `[title, script]`: the sections of a lane one after the other, the lanes at the same time. A section's
 * output is printed at its end. Returns whether all passed; after a failure no section begins.
 */
export async function runLanes(lanes) {
  let hasFailed = false;
  const runLane = async (lane) => {
    for (const [title, script] of lane) {
      if (hasFailed) return;
      hasFailed ||= !(await runSection(title, script));
    }
  };
  await Promise.all(lanes.map(runLane));
  return !hasFailed;
}

/** Says in whole seconds how long something took that began at `since`. */
export function duration(since) {
  return `${Math.round((performance.now() - since) / 1000)} s`;
}

async function runSection(title, script) {
  console.log(`… ${title}`);
  const since = performance.now();
  const child = spawn("node", [join(root, "scripts", script)], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...COLORS },
  });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => chunks.push(chunk));
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  console.log(`\n=== ${title} ===\n`);
  process.stdout.write(Buffer.concat(chunks));
  console.log(`\n${title}: ${status === 0 ? "passed" : "failed"} after ${duration(since)}`);
  return status === 0;
}
