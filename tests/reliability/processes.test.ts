// Runs programs of their own in Node: what calls leave behind there, and what they cost.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { root } from "../../scripts/tools.js";
import { app } from "../support/app.ts";
import { useClient } from "../support/client.ts";
import { closedPort } from "../support/closed-port.ts";

const entry = join(app, "node_modules", "clerk-sign-in-tokens", "index.js");
const calls = useClient();

/** Runs a fixture until it exits. Kills it and fails after two minutes. */
async function run(node: string, fixture: string, ...args: string[]) {
  const program = join(root, "tests/fixtures", fixture);
  const flags = ["--expose-gc", program, entry, ...args];
  const { stdout } = await promisify(execFile)(node, flags, { timeout: 120_000 });
  return stdout.trim();
}

for (const [name, node] of Object.entries({
  Node: "node",
  "the installed Node": process.env.SYSTEM_NODE ?? "node",
}))
  test(`${name}: a script exits when its calls have settled`, async () => {
    const output = await run(node, "exit.js", calls.emulator.url, await closedPort());
    assert.deepEqual(output.split("\n"), [
      "success: pending",
      "refusal: not_found",
      "failure: network",
      "timeout: timeout",
      "abort: AbortError",
    ]);
  });

test("memory use stays constant, and unreferenced clients are collected", async () => {
  const output = await run("node", "memory.ts");
  const { before, after, instances, clientsLeft } = JSON.parse(output);
  assert.equal(instances, 1);
  assert.equal(after.wasm, before.wasm);
  // The heap varies by 1 MB between runs. If each call left even the smallest object behind, it
  // would grow by several MB.
  assert.ok(
    after.heap - before.heap < 2_000_000,
    `the heap grew from ${before.heap} to ${after.heap} bytes`,
  );
  assert.ok(clientsLeft <= 1, `${clientsLeft} of 1000 unreferenced clients were kept`);
});

test("a call crosses into JavaScript as often beside 2,000 others as alone", async () => {
  const output = await run("node", "crossings.ts", "0", "20", "2000");
  const [alone, beside20, beside2000] = JSON.parse(output);
  assert.ok(alone > 0);
  assert.deepEqual([beside20, beside2000], [alone, alone]);
});

test("calls with fakeFetch end while all timers are fake", async () => {
  const output = await run("node", "fake-timers.ts");
  assert.deepEqual(output.split("\n"), [
    "success: sit_fake1",
    "retry: sit_fake2",
    "lost: network",
    "timeout: timeout",
  ]);
});
