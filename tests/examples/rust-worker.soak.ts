// Tests the example in Rust, with the crate in the workspace. A Rust user gets it from crates.io.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { root, workerBuildTools } from "../../scripts/tools.js";
import { startWorker } from "../../scripts/worker.ts";
import { checkLinks } from "./check-links.ts";

const ADMIN_TOKEN = "the-token-of-an-admin";
const dir = join(root, "examples", "rust-worker");
const env = workerBuildTools();

test("rust-worker: its own tests pass natively", async () => {
  const { stdout } = await promisify(execFile)("cargo", ["test", "--locked"], { cwd: dir, env });
  assert.match(stdout, /test result: ok\. [1-9]/);
});

test("rust-worker", async () => {
  const emulator = await startEmulator({ rateLimit: 0 });
  const vars = { CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: emulator.url, ADMIN_TOKEN };
  const worker = await startWorker(dir, { vars, env });
  try {
    await checkLinks(worker.url, emulator.control, ADMIN_TOKEN);
  } finally {
    await worker.stop();
    await emulator.close();
  }
});
