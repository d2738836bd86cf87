// Runs the parts of npm test, each in its own process and some at the same time, and prints how long each one took.
import { spawn } from "node:child_process";
import { join } from "node:path";

import { root } from "../tools.js";

/**
 * The output of a section goes through a pipe, without a terminal.
 *
 * @type {NodeJS.ProcessEnv}
 */
const COLORS = process.stdout.isTTY ? { FORCE_COLOR: "1", CARGO_TERM_COLOR: "always" } : {};

/** @typedef {[title: string, script: string]} Section */

/**
 * Runs lanes of sections: the sections of a lane one after the other, the lanes at the same time. Prints the output of a
 * section at its end. After a failure no section starts. Returns whether all passed.
 *
 * @param {Section[][]} lanes
 */
export async function runLanes(lanes) {
  let hasFailed = false;
  const runLane = async (/** @type {Section[]} */ lane) => {
    for (const [title, script] of lane) {
      if (hasFailed) return;
      // Not `||=`, which would drop a failure that the other lane recorded meanwhile.
      if (!(await runSection(title, script))) hasFailed = true;
    }
  };
  await Promise.all(lanes.map(runLane));
  return !hasFailed;
}

/**
 * Returns the time since `since` in whole seconds.
 *
 * @param {number} since
 */
export function duration(since) {
  return `${Math.round((performance.now() - since) / 1000)} s`;
}

/**
 * @param {string} title
 * @param {string} script
 */
async function runSection(title, script) {
  console.log(`… ${title}`);
  const since = performance.now();
  const child = spawn("node", [join(root, "scripts", script)], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...COLORS },
  });
  /** @type {Buffer[]} */
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
