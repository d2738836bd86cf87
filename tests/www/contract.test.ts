// Tests that the package in the page reads each of the Worker's own answers as their table says.
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, test } from "node:test";

import type { SignInTokensError } from "clerk-sign-in-tokens";

import { app, installed } from "../support/app.ts";
import { startSite } from "../support/site.ts";
import { type AnswerCode, ANSWERS } from "../../www/contract.ts";

describe("the package in the page", () => {
  let SignInTokens: typeof import("clerk-sign-in-tokens").SignInTokens;
  let own: (code: AnswerCode, more: object) => ResponseInit & { body: string };
  before(async () => {
    ({ SignInTokens } = await installed());
    // The Worker's own file, where the package is installed.
    const site = await startSite();
    await site.stop();
    ({ own } = await import(join(app, "www-database", "worker", "answers.ts")));
  });

  for (const code of Object.keys(ANSWERS) as AnswerCode[]) {
    const { status, outcome, sent, message } = ANSWERS[code];
    test(`reads ${code}`, async () => {
      const { body, ...init } = own(code, { meta: { token_id: "sit_1" } });
      const tokens = new SignInTokens({
        secretKey: "sk_test_page",
        apiUrl: "http://127.0.0.1",
        maxRetries: 0,
        fetch: async () => new Response(body, init),
      });
      for (const call of [
        () => tokens.create({ userId: "user_1" }),
        () => tokens.revoke("sit_1"),
      ]) {
        const error = await call().then(
          () => assert.fail("it was not refused"),
          (thrown: SignInTokensError) => thrown,
        );
        assert.deepEqual([error.status, error.outcome], [status, outcome]);
        assert.deepEqual(error.errors, [
          { code, message, longMessage: message, meta: { tokenId: "sit_1" } },
        ]);
        // Only Clerk says that a token was used or revoked before.
        assert.notEqual(error.status, 400);
        if (!sent) assert.equal(error.outcome, "none", "what was not sent had no effect");
      }
    });
  }
});
