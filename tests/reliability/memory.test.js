// 100 000 calls, succeeding, failing, aborted and timed out, leave both memories as they were.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { app } from "../support/app.js";

test("memory stays flat, and clients that are dropped are collected", async () => {
  const program = fileURLToPath(new URL("../fixtures/memory.js", import.meta.url));
  const entry = join(app, "node_modules", "clerk-sign-in-tokens", "index.js");
  const { stdout } = await promisify(execFile)("node", ["--expose-gc", program, entry]);
  const { before, after, instances, clientsLeft } = JSON.parse(stdout);
  assert.equal(instances, 1);
  assert.equal(after.wasm, before.wasm);
  // The heap wavers by 1 MB from run to run; the smallest object left behind by each call would be several.
  assert.ok(
    after.heap - before.heap < 2_000_000,
    `the heap grew from ${before.heap} to ${after.heap} bytes`,
  );
  assert.ok(clientsLeft <= 1, `${clientsLeft} of 1000 dropped clients were kept`);
});
