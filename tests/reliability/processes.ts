// Runs programs of their own in Node: what calls leave behind there, and what they cost.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { root } from "../../scripts/tools.js";
import { app } from "../support/app.ts";

const entry = join(app, "node_modules", "clerk-sign-in-tokens", "index.js");

/** Runs a fixture until it exits. Kills it and fails after five minutes. */
export async function run(node: string, fixture: string, ...args: string[]) {
  const program = join(root, "tests/fixtures", fixture);
  const flags = ["--expose-gc", program, entry, ...args];
  const { stdout } = await promisify(execFile)(node, flags, { timeout: 300_000 });
  return stdout.trim();
}

/** Tests so many calls that succeed, fail, abort or time out. */
export function testMemory(calls: number) {
  test(`the memory is the same after ${calls} calls, and clients are collected`, async () => {
    const output = await run("node", "memory.ts", String(calls));
    const { before, after, instances, clientsLeft } = JSON.parse(output);
    assert.equal(instances, 1);
    assert.equal(after.wasm, before.wasm);
    // The heap varies by 1 MB between runs. If each of 100,000 calls left even the smallest object
    // behind, it would grow by several MB.
    assert.ok(
      after.heap - before.heap < 2_000_000,
      `the heap grew from ${before.heap} to ${after.heap} bytes`,
    );
    assert.ok(clientsLeft <= 1, `${clientsLeft} of 1000 unreferenced clients were kept`);
  });
}
