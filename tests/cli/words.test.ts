// What is said of a request that got no answer.
import assert from "node:assert/strict";
import { test } from "node:test";

import type { SignInTokensError } from "clerk-sign-in-tokens";

import { describe } from "../../cli/words.ts";

for (const [outcome, message, code, said] of [
  [
    "none",
    "connect ECONNREFUSED 127.0.0.1:1",
    "ECONNREFUSED",
    "no connection to api.clerk.com, so nothing was sent (connect ECONNREFUSED 127.0.0.1:1)",
  ],
  [
    "unknown",
    "other side closed",
    "UND_ERR_SOCKET",
    "no answer from api.clerk.com (UND_ERR_SOCKET: other side closed)",
  ],
  [
    "unknown",
    "wrong version:\nssl.c:662:\n",
    "EPROTO",
    "no answer from api.clerk.com (EPROTO: wrong version: ssl.c:662:)",
  ],
] as const) {
  test(said, () => {
    const root = Object.assign(new Error(message), { code });
    const cause = new TypeError("fetch failed", { cause: root });
    const fields: Partial<SignInTokensError> = { code: "network", outcome };
    const error = Object.assign(new Error("no answer", { cause }), fields) as SignInTokensError;
    assert.equal(describe(error, "https://api.clerk.com"), said);
  });
}
