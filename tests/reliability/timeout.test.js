// Tests the timeout of a call: what it covers, and which waits it prevents.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { installed } from "../support/app.ts";
import { never, useClient } from "../support/client.ts";

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

  test("covers a fetch that never settles, which it aborts", async () => {
    let seen;
    const fetch = (_, { signal }) => {
      seen = signal;
      return never();
    };
    await assert.rejects(
      () => calls.client({ fetch, timeout: SHORT }).create({ userId: "user_1" }),
      timedOut("unknown", 1),
    );
    assert.equal(seen.reason.name, "AbortError");
  });

  test("cancels the body of an answer that arrives later", async () => {
    let answer;
    const fetch = () => new Promise((resolve) => (answer = resolve));
    await assert.rejects(
      () => calls.client({ fetch, timeout: SHORT }).create({ userId: "user_1" }),
      timedOut("unknown", 1),
    );
    await new Promise((cancel) => answer(new Response(new ReadableStream({ cancel }))));
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
    for (const [value, seconds] of [
      ["3600", 3600],
      [new Date(Date.now() + 3600_000).toUTCString(), 3600],
      ["99999999999", Infinity],
      ["Fri, 31 Dec 2999 23:59:59 GMT", Infinity],
    ]) {
      await calls.control.fault({ status: 429, headers: { "retry-after": value } });
      await assert.rejects(
        () => calls.tokens.create({ userId: "user_1" }),
        (error) => {
          assert.deepEqual(
            [error.code, error.outcome, error.attempts],
            ["rate_limited", "none", 1],
          );
          assert.ok(error.retryAfter > 3500 && error.retryAfter <= seconds, `${error.retryAfter}`);
          return true;
        },
      );
    }
  });
});
