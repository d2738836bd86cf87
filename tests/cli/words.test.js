// What is said of a request that got no answer.
import assert from "node:assert/strict";
import { test } from "node:test";

import { describe } from "../../cli/words.ts";

/** Returns the client's error for a request that failed with this cause. */
function networkError(outcome, message, code) {
  const cause = Object.assign(new Error(message), { code });
  const failed = Object.assign(new TypeError("fetch failed"), { cause });
  return Object.assign(new Error("no answer"), { code: "network", outcome, cause: failed });
}

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
]) {
  test(said, () =>
    assert.equal(describe(networkError(outcome, message, code), "https://api.clerk.com"), said),
  );
}
