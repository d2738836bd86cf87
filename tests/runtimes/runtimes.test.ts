// Tests the packed tarball in every runtime: creates a token, revokes it, and revokes it again,
// which is refused.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { SECRET_KEY } from "../../emulator/server.ts";
import { useClient } from "../support/client.ts";
import { PAGES, SERVERS, VARIANTS, type Runtime } from "../support/runtimes.ts";

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

const calls = useClient();

/** Pages send their requests by way of their own origin. */
const pages = Object.entries(PAGES).map(
  ([name, start]) => [name, () => start(calls.emulator.url)] as const,
);

for (const [name, start] of [...Object.entries({ ...SERVERS, ...VARIANTS }), ...pages]) {
  describe(name, () => {
    let runtime: Pick<Runtime, "call" | "stop">;
    const call = (asked: object) =>
      runtime.call({ client: { secretKey: SECRET_KEY, apiUrl: calls.emulator.url }, ...asked });

    before(async () => {
      runtime = await start();
    });
    after(() => runtime?.stop());

    test("creates and revokes a token, and cannot revoke it again", async () => {
      const argument = { userId: "user_1", orgId: "org_1", expiresInSeconds: 600 };
      const { token } = await call({ operation: "create", argument });
      const [live] = await calls.control.tokens();
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
      const { token: revoked } = await call({ operation: "revoke", argument: token.id });
      assert.deepEqual(
        [revoked.id, revoked.status, revoked.token],
        [token.id, "revoked", undefined],
      );

      const { error } = await call({ operation: "delete", argument: token.id });
      const { clerkTraceId, ...rest } = error;
      assert.match(clerkTraceId, /^[0-9a-f]{32}$/);
      assert.deepEqual(rest, NOT_PENDING);

      // The key is in the Authorization header, not in the URL.
      const requests = await calls.control.requests();
      assert.equal(requests.length, 3);
      for (const { headers, url } of requests) {
        assert.equal(headers.authorization, `Bearer ${SECRET_KEY}`);
        assert.equal(headers["clerk-api-version"], "2026-05-12");
        assert.ok(!url.includes(SECRET_KEY));
        // A browser does not let a page set the User-Agent.
        if (!name.startsWith("Chromium"))
          assert.match(String(headers["user-agent"]), /^clerk-sign-in-tokens@\d/);
      }
    });

    test("creates many tokens", async () => {
      const inputs = ["user_1", "nobody", "user_2"].map((userId) => ({ argument: { userId } }));
      const bulk = { operation: "create", source: "array", inputs, consumer: "all" };
      const seen: string[] = [];
      for (const { index, token, error } of (await call({ bulk })).results)
        seen[index] = token?.userId ?? error.code;
      assert.deepEqual(seen, ["user_1", "not_found", "user_2"]);
    });

    test("retries after a 429, and does not follow a redirect", async () => {
      const limited = { status: 429, headers: { "retry-after": "0" } };
      await calls.control.fault({ operation: "revoke", ...limited });
      const { error } = await call({ operation: "revoke", argument: "sit_none" });
      assert.deepEqual([error.code, error.attempts], ["not_found", 2]);
      const location = `${calls.emulator.url}/v1/sign_in_tokens`;
      await calls.control.fault({ status: 307, headers: { location } });
      const redirected = await call({ operation: "create", argument: { userId: "user_1" } });
      const { code, outcome } = redirected.error;
      assert.deepEqual([code, outcome], ["invalid_response", "unknown"]);
      assert.equal((await calls.control.requests()).length, 3);
    });
  });
}
