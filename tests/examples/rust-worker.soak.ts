// Tests the example in Rust, with the crate in the workspace. A Rust user gets it from crates.io.
import { join } from "node:path";
import { test } from "node:test";

import { Control } from "../../emulator/control-client.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { root, workerBuildTools } from "../../scripts/tools.js";
import { startWorker } from "../../scripts/worker.ts";
import { checkLinks } from "./check-links.ts";

const ADMIN_TOKEN = "the-token-of-an-admin";

test("rust-worker", async () => {
  const emulator = await startEmulator({ rateLimit: 0 });
  const vars = { CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: emulator.url, ADMIN_TOKEN };
  const dir = join(root, "examples", "rust-worker");
  const worker = await startWorker(dir, { vars, env: workerBuildTools() });
  try {
    await checkLinks(worker.url, new Control(emulator.url), ADMIN_TOKEN);
  } finally {
    await worker.stop();
    await emulator.close();
  }
});
