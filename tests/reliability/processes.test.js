// Tests that calls leave nothing in a Node process that delays its exit, and no listener or
// warning.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Control } from "../../emulator/control-client.ts";
import { startEmulator } from "../../emulator/server.ts";
import { app } from "../support/app.ts";

const NODES = { Node: "node", "the installed Node": process.env.SYSTEM_NODE ?? "node" };
const entry = join(app, "node_modules", "clerk-sign-in-tokens", "index.js");
let emulator, control;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
});
beforeEach(() => control.reset());
after(() => emulator.close());

/** Runs a fixture until it exits. Kills it and fails after the timeout. */
async function run(node, fixture, ...args) {
  const program = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url));
  const { stdout } = await promisify(execFile)(node, [program, entry, ...args], {
    timeout: 60_000,
  });
  return stdout;
}

for (const [name, node] of Object.entries(NODES)) {
  test(`${name}: a script exits when its calls have settled`, async () => {
    const output = await run(node, "exit.js", emulator.url, "http://127.0.0.1:9");
    assert.deepEqual(output.trim().split("\n"), [
      "success: pending",
      "refusal: not_found",
      "failure: network",
      "timeout: timeout",
      "abort: AbortError",
    ]);
  });

  test(`${name}: many calls on one signal share one listener`, async () => {
    // The first 25 requests to arrive are answered, the others stay in flight.
    await control.fault({ times: 25, delay: 1 });
    await control.fault({ times: 25, delay: 600_000 });
    const output = await run(node, "many-on-one-signal.js", emulator.url);
    assert.deepEqual(JSON.parse(output), {
      inFlight: 1,
      halfway: 1,
      aborted: 25,
      after: 0,
      warnings: [],
    });
  });
}
