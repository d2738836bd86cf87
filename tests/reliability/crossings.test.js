// Tests that a call with a signal of its own does no more work beside others in flight: the wasm calls JavaScript as often.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { app } from "../support/app.ts";

test("a call crosses into JavaScript as often beside 2,000 others as alone", async () => {
  const program = fileURLToPath(new URL("../fixtures/crossings.js", import.meta.url));
  const entry = join(app, "node_modules", "clerk-sign-in-tokens", "index.js");
  const { stdout } = await promisify(execFile)("node", [program, entry, "0", "20", "2000"]);
  const [alone, beside20, beside2000] = JSON.parse(stdout);
  assert.ok(alone > 0);
  assert.deepEqual([beside20, beside2000], [alone, alone]);
});
