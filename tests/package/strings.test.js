// Tests that strings of any length and script pass unchanged into the wasm and out of it: the
// package has its own code for long strings and for texts that never change.
import assert from "node:assert/strict";
import { test } from "node:test";

import { installed } from "../support/app.ts";

const { SignInTokens, SignInTokensError } = await installed();

/** The letters have one to four bytes in UTF-8. */
const LETTERS = { ASCII: "a", Latin: "é", Chinese: "漢", "an emoji": "🔑", "a BOM": "\uFEFF" };
const LENGTHS = [0, 1, 63, 64, 65, 66, 1_000, 4_000];

/**
 * Returns a client whose fetch answers with these fields of a token, and the requests that it sent.
 */
function clientOf(fields) {
  const requests = [];
  const fetch = async (url, init) => {
    requests.push({ url, body: init.body && JSON.parse(init.body), headers: init.headers });
    const token = { object: "sign_in_token", id: "sit_1", user_id: "user_1", status: "pending" };
    return Response.json({ ...token, created_at: 1, updated_at: 2, ...fields });
  };
  return { client: new SignInTokens({ secretKey: "sk_test_abc", fetch }), requests };
}

for (const [script, letter] of Object.entries(LETTERS)) {
  for (const length of LENGTHS) {
    test(`${length} letters in ${script} pass unchanged`, async () => {
      // A mixed string begins in ASCII, which is copied until another letter comes.
      for (const text of [letter.repeat(length), `x${letter.repeat(length)}`]) {
        const { client, requests } = clientOf({ token: text, url: text, status: `s${text}` });
        const token = await client.create({ userId: `user_${text}` });
        assert.deepEqual([token.token, token.url, token.status], [text, text, `s${text}`]);
        assert.equal(requests[0].body.user_id, `user_${text}`);
        await client.revoke(`sit_${text}`);
        assert.equal(
          requests[1].url,
          `https://api.clerk.com/v1/sign_in_tokens/${encodeURIComponent(`sit_${text}`)}/revoke`,
        );
      }
    });
  }
}

test("a long ID with an unpaired surrogate is refused", async () => {
  const { client, requests } = clientOf({});
  for (const text of [`${"a".repeat(100)}\uD83D`, `\uDD11${"漢".repeat(100)}`]) {
    await assert.rejects(
      () => client.create({ userId: text }),
      (error) => error instanceof SignInTokensError && error.code === "invalid_argument",
    );
  }
  assert.equal(requests.length, 0);
});

test("texts that never change are the same in every call", async () => {
  const { client, requests } = clientOf({});
  const tokens = [];
  for (let call = 0; call < 3; call++) tokens.push(await client.create({ userId: "user_1" }));
  for (const token of tokens) assert.deepEqual(token, tokens[0]);
  for (const request of requests) assert.deepEqual(request, requests[0]);
});
