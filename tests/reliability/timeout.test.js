// Tests the timeout of a call: what it covers, and which waits it prevents.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { installed } from "../support/app.js";
import { never, useClient } from "../support/client.js";

const { SignInTokensError } = await installed();

const calls = useClient();

/** Long enough for a busy machine to send the request first: after the timeout, none is sent. */
const SHORT = 250;

describe("the timeout", () => {
  const timedOut = (outcome, attempts) => (error) => {
    assert.ok(error instanceof SignInTokensError);
    assert.deepEqual([error.code, error.outcome, error.attempts], ["timeout", outcome, attempts]);
    return true;
  };

  test("covers the key lookup", async () => {
    await assert.rejects(
      () => calls.client({ secretKey: never, timeout: SHORT }).create({ userId: "user_1" }),
      timedOut("none", 0),
    );
  });

  test("covers a fetch that never settles", async () => {
    await assert.rejects(
      () => calls.client({ fetch: never, timeout: SHORT }).create({ userId: "user_1" }),
      timedOut("unknown", 1),
    );
  });

  test("covers a body that never ends", async () => {
    const fetch = async () => new Response(new ReadableStream({}));
    await assert.rejects(
      () => calls.client({ fetch, timeout: SHORT }).create({ userId: "user_1" }),
      timedOut("unknown", 1),
    );
  });

  test("of the call overrides the client's", async () => {
    await assert.rejects(
      () => calls.client({ fetch: never }).revoke("sit_1", { timeout: SHORT }),
      timedOut("unknown", 1),
    );
  });

  test("prevents a wait that would exceed it: seconds and date", async () => {
    for (const value of ["3600", new Date(Date.now() + 3600_000).toUTCString()]) {
      await calls.control.fault({ status: 429, headers: { "retry-after": value } });
      await assert.rejects(
        () => calls.tokens.create({ userId: "user_1" }),
        (error) => {
          assert.deepEqual(
            [error.code, error.outcome, error.attempts],
            ["rate_limited", "none", 1],
          );
          assert.ok(error.retryAfter > 3500 && error.retryAfter <= 3600, `${error.retryAfter}`);
          return true;
        },
      );
    }
  });
});
