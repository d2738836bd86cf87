// Tests that strings of any length and script pass unchanged into the wasm and out of it: the
// package has its own code for long strings and for texts that never change.
import assert from "node:assert/strict";
import { test } from "node:test";

import type { FetchLikeInit } from "clerk-sign-in-tokens";

import { installed } from "../support/app.ts";
import { TOKEN } from "../support/token.ts";

const { SignInTokens } = await installed();

/** The letters have one to four bytes in UTF-8. */
const LETTERS = { ASCII: "a", Latin: "é", Chinese: "漢", "an emoji": "🔑", "a BOM": "\uFEFF" };
const LENGTHS = [0, 1, 63, 64, 65, 66, 1_000, 4_000];

/**
 * Returns a client whose fetch answers with these fields of a token, and the requests that it sent.
 */
function clientOf(fields: object) {
  const requests: { url: string; body?: { user_id: string }; headers: unknown }[] = [];
  const fetch = async (url: string, { body, headers }: FetchLikeInit) => {
    requests.push({ url, body: body && JSON.parse(String(body)), headers });
    return Response.json({ ...TOKEN, ...fields });
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
        assert.equal(requests[0].body?.user_id, `user_${text}`);
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
    const call = client.create({ userId: text });
    await assert.rejects(call, { name: "SignInTokensError", code: "invalid_argument" });
  }
  assert.equal(requests.length, 0);
});

test("texts that never change are the same in every call", async () => {
  const { client, requests } = clientOf({});
  const token = await client.create({ userId: "user_1" });
  for (let call = 0; call < 2; call++)
    assert.deepEqual(await client.create({ userId: "user_1" }), token);
  assert.equal(requests.length, 3);
  for (const request of requests) assert.deepEqual(request, requests[0]);
});
