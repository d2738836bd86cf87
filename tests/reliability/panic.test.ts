// Tests a panic inside the wasm, which a build with the cfg `test_panic` can trigger: the call
// fails with `internal` and does not hang, and the next call on the same client works.
import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import type { SignInTokensError } from "clerk-sign-in-tokens";

import { SECRET_KEY } from "../../emulator/server.ts";
import { buildWasm } from "../../scripts/build.ts";
import { root } from "../../scripts/tools.js";
import { app } from "../support/app.ts";
import { useClient } from "../support/client.ts";
import { PAGES, SERVERS, type Runtime } from "../support/runtimes.ts";

const built = "target/test-panic";
const dir = `${app}-panic`;
const calls = useClient();

before(() => {
  buildWasm(built, { testPanic: true });
  // Copies only these: other test files write into the folder at the same time.
  for (const part of ["package.json", "node_modules/clerk-sign-in-tokens", "agent"])
    cpSync(join(app, part), join(dir, part), { recursive: true });
  cpSync(join(root, built), join(dir, "node_modules", "clerk-sign-in-tokens", "wasm"), {
    recursive: true,
  });
});
after(() => rmSync(dir, { recursive: true, force: true }));

const RUNTIMES = {
  ...SERVERS,
  Chromium: () => PAGES["Chromium, plain script"](calls.emulator.url, dir),
};

/** What the agent returns for a call that failed. */
interface Failed {
  error: SignInTokensError & { isSignInTokensError: boolean };
  pending: object;
}

for (const [name, start] of Object.entries(RUNTIMES)) {
  describe(name, () => {
    let runtime: Pick<Runtime, "call" | "stop">;
    before(async () => (runtime = await start({ dir })));
    after(() => runtime?.stop());
    const create = (userId = "user_1", asked: object = { meter: true }) =>
      runtime.call({
        client: { secretKey: SECRET_KEY, apiUrl: calls.emulator.url },
        operation: "create",
        argument: { userId },
        ...asked,
      });

    const internal = ({ error, pending }: Failed, outcome: string, attempts: number) => {
      assert.deepEqual(
        [error.isSignInTokensError, error.code, error.outcome, error.attempts],
        [true, "internal", outcome, attempts],
      );
      assert.deepEqual(pending, { timers: 0, fetches: 0, listeners: 0 });
    };

    test("before the request is sent, several times", async () => {
      for (let n = 0; n < 3; n++) {
        internal(await create("user_panic"), "none", 0);
        assert.equal((await create()).token.status, "pending");
      }
    });

    test("while the answer is read: the outcome is unknown", async () => {
      await calls.control.fault({
        effect: true,
        status: 200,
        headers: { "cf-ray": "panic" },
        body: "{}",
      });
      internal(await create(), "unknown", 1);
      assert.equal((await create()).token.status, "pending");
    });

    test("while other calls are in flight", async () => {
      const users = ["user_1", "user_panic", "user_2", "user_panic", "user_3"];
      const results = await Promise.all(users.map((userId) => create(userId)));
      assert.deepEqual(
        results.map(({ token, error }) => token?.userId ?? error.code),
        ["user_1", "internal", "user_2", "internal", "user_3"],
      );
    });

    test("10,000 times does not exhaust the stack", async () => {
      const { counts } = await create("user_panic", { times: 10_000 });
      assert.deepEqual(counts, { internal: 10_000 });
      assert.equal((await create()).token.status, "pending");
    });
  });
}
