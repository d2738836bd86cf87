// Tests the commands that the README and CONTRIBUTING.md name, run as in a terminal.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { promisify } from "node:util";

import { SECRET_KEY } from "../../emulator/server.ts";
import { startProcess } from "../../scripts/process.ts";
import { alone } from "../support/once.ts";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
const { CLERK_SECRET_KEY: _, ...env } = process.env;

test("npm start -- --once creates and revokes a token, and exits", async () => {
  const start = () => promisify(execFile)("npm", ["start", "--", "--once"], { cwd, env });
  const { stdout } = await alone("build", start);
  const [, created] = stdout.match(/created {2}(sit_\w+) {2}pending {2}for user_demo/) ?? [];
  assert.ok(created);
  assert.match(stdout, new RegExp(`revoked  ${created}  revoked`));
  assert.ok(!stdout.includes(SECRET_KEY) && !stdout.includes("ticket="));
});

test("npm run emulator prints its address, and stops on a signal", async () => {
  const emulator = await startProcess("npm", ["run", "--silent", "emulator", "--", "--port", "0"], {
    cwd,
    env,
    ready: /^listening on (http:\/\/127\.0\.0\.1:\d+)$/m,
  });
  assert.equal(emulator.output, `listening on ${emulator.url}\n`);
  const response = await fetch(`${emulator.url}/v1/sign_in_tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${SECRET_KEY}` },
    body: '{"user_id":"user_1"}',
  });
  assert.equal(response.status, 200);
  await emulator.stop();
  await assert.rejects(() => fetch(emulator.url));
});
