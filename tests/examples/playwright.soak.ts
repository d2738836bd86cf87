// Runs the Playwright example with Playwright. The example `redeem` is the app under test.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";

import { SECRET_KEY } from "../../emulator/server.ts";
import { browser, CHROMIUM_FLAGS } from "../../scripts/browser.ts";
import { copyIntoApp } from "../support/app.ts";
import { type RedeemSite, startRedeemSite } from "../support/redeem-site.ts";

const examples = copyIntoApp("examples", "examples-playwright");
const dir = join(examples, "playwright");
let site: RedeemSite;

/** The example's configuration, with more time: Playwright's limits are short on a busy machine. */
const CONFIG = `
  import config from "./playwright.config.ts";
  export default { ...config, timeout: 120_000, expect: { timeout: 60_000 } };
`;
const OPTIONS = ["--reporter=line", "--config=patient.config.ts"];

before(async () => {
  writeFileSync(join(dir, "patient.config.ts"), CONFIG);
  site = await startRedeemSite(examples);
});
beforeEach(() => site.control.reset());
after(() => site.stop());

const run = (...args: string[]) =>
  promisify(execFile)("playwright", ["test", ...OPTIONS, ...args], {
    cwd: dir,
    env: {
      ...process.env,
      APP_URL: site.url,
      CLERK_SECRET_KEY: SECRET_KEY,
      CLERK_API_URL: site.emulator.url,
      CHROMIUM_PATH: browser().chromium,
      CHROMIUM_FLAGS: CHROMIUM_FLAGS.join(" "),
      NODE_TEST_CONTEXT: "",
    },
  });

test("the example's tests pass with a testing token, and no URL contains a ticket", async () => {
  const { stdout } = await run();
  assert.match(stdout, /2 passed/);
  const tokens = await site.control.tokens();
  assert.deepEqual(
    tokens.map(({ status }) => status),
    ["accepted", "accepted"],
  );
  for (const request of await site.control.requests()) {
    const { operation, testingToken, url, headers } = request;
    if (operation === "sign_in") assert.match(String(testingToken), /^\d{10}_/);
    const seen = JSON.stringify([url, headers]);
    assert.ok(tokens.every(({ token }) => !seen.includes(token)));
  }
});

test("a revoke that Clerk did not answer with its own 400 fails the test", async () => {
  for (const answer of [
    { status: 400, body: "<h1>Bad request</h1>" },
    { status: 409, body: { errors: [{ code: "conflict", message: "m", long_message: "l" }] } },
  ])
    await site.control.fault({ operation: "revoke", ...answer });
  await assert.rejects(run(), ({ stdout }) => /2 failed/.test(stdout));
});

test("if the sign-in fails, the traces contain no valid ticket", async () => {
  await site.control.fault({ operation: "sign_in", drop: "answer", times: 100 });
  await assert.rejects(run(), ({ stdout }) => /2 failed/.test(stdout) && /trace\.zip/.test(stdout));
  assert.deepEqual(
    (await site.control.tokens()).map(({ status }) => status),
    ["revoked", "revoked"],
  );
});
