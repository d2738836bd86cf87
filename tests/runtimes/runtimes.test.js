// Tests the packed tarball in every runtime: creates a token, revokes it, and revokes it again,
// which is refused.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Control } from "../../emulator/control-client.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { PAGES, SERVERS, VARIANTS } from "../support/runtimes.ts";

/** The error of a second revoke, without Clerk's trace ID. */
const NOT_PENDING = {
  isSignInTokensError: true,
  name: "SignInTokensError",
  code: "not_pending",
  status: 400,
  outcome: "none",
  attempts: 1,
  message: "revoke: the token is not pending any more",
  errors: [
    {
      code: "sign_in_token_cannot_be_revoked_code",
      message: "cannot revoke",
      longMessage: "This sign in token is revoked and cannot be revoked.",
    },
  ],
};

let emulator, control;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
});
after(() => emulator.close());

for (const [name, start] of Object.entries({ ...SERVERS, ...VARIANTS, ...PAGES })) {
  describe(name, () => {
    let runtime;
    const call = (operation, argument, options) =>
      runtime.call({
        client: { secretKey: SECRET_KEY, apiUrl: emulator.url },
        operation,
        argument,
        options,
      });

    before(async () => {
      await control.reset();
      runtime = await start(name in PAGES ? emulator.url : undefined);
    });
    after(() => runtime?.stop());

    test("creates and revokes a token, and cannot revoke it again", async () => {
      const { token } = await call("create", {
        userId: "user_1",
        orgId: "org_1",
        expiresInSeconds: 600,
      });
      const [live] = await control.tokens();
      assert.deepEqual(token, {
        object: "sign_in_token",
        id: live.id,
        userId: "user_1",
        status: "pending",
        token: live.token,
        url: live.url,
        createdAt: live.created_at,
        updatedAt: live.updated_at,
      });
      const { token: revoked } = await call("revoke", token.id);
      assert.deepEqual(
        [revoked.id, revoked.status, revoked.token],
        [token.id, "revoked", undefined],
      );

      const { error } = await call("delete", token.id);
      const { clerkTraceId, ...rest } = error;
      assert.match(clerkTraceId, /^[0-9a-f]{32}$/);
      assert.deepEqual(rest, NOT_PENDING);
    });

    test("sends the key in the Authorization header, not in the URL", async () => {
      const requests = await control.requests();
      assert.equal(requests.length, 3);
      for (const { headers, url } of requests) {
        assert.equal(headers.authorization, `Bearer ${SECRET_KEY}`);
        assert.equal(headers["clerk-api-version"], "2026-05-12");
        assert.ok(!url.includes(SECRET_KEY));
        // A browser does not let a page set the User-Agent.
        if (!name.startsWith("Chromium"))
          assert.match(headers["user-agent"], /^clerk-sign-in-tokens@\d/);
      }
    });

    test("creates many tokens", async () => {
      const client = { secretKey: SECRET_KEY, apiUrl: emulator.url };
      const { results } = await runtime.call({
        client,
        inputs: [{ userId: "user_1" }, { userId: "nobody" }, { userId: "user_2" }],
      });
      assert.deepEqual(results, ["user_1", "not_found", "user_2"]);
    });

    test("retries after a 429, and does not follow a redirect", async () => {
      await control.fault({ operation: "revoke", status: 429, headers: { "retry-after": "0" } });
      const { error } = await call("revoke", "sit_none");
      assert.deepEqual([error.code, error.attempts], ["not_found", 2]);
      await control.fault({
        status: 307,
        headers: { location: `${emulator.url}/v1/sign_in_tokens` },
      });
      const { error: redirected } = await call("create", { userId: "user_1" });
      assert.deepEqual([redirected.code, redirected.outcome], ["invalid_response", "unknown"]);
      assert.equal((await control.requests()).length, 9);
    });
  });
}
