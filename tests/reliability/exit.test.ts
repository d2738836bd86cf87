// Tests that Node exits when nothing is pending: no call leaves a timer or a listener.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { root } from "../../scripts/tools.js";
import { app } from "../support/app.ts";
import { useClient } from "../support/client.ts";
import { closedPort } from "../support/closed-port.ts";

const calls = useClient();
const program = join(root, "tests/fixtures/exit.js");
const entry = join(app, "node_modules", "clerk-sign-in-tokens", "index.js");

for (const [name, node] of Object.entries({
  Node: "node",
  "the installed Node": process.env.SYSTEM_NODE ?? "node",
}))
  test(`${name}: a script exits when its calls have settled`, async () => {
    const args = [program, entry, calls.emulator.url, await closedPort()];
    const { stdout } = await promisify(execFile)(node, args, { timeout: 300_000 });
    assert.deepEqual(stdout.trim().split("\n"), [
      "success: pending",
      "refusal: not_found",
      "failure: network",
      "timeout: timeout",
      "abort: AbortError",
    ]);
  });
