// Tests that 100,000 calls that succeed, fail, abort or time out increase neither the heap nor the
// wasm memory.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { app } from "../support/app.ts";

test("memory use stays constant, and unreferenced clients are collected", async () => {
  const program = fileURLToPath(new URL("../fixtures/memory.js", import.meta.url));
  const entry = join(app, "node_modules", "clerk-sign-in-tokens", "index.js");
  const { stdout } = await promisify(execFile)("node", ["--expose-gc", program, entry]);
  const { before, after, instances, clientsLeft } = JSON.parse(stdout);
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
