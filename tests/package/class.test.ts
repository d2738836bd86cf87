// Tests what a program shows of the class, how its functions are called, and the stack of an error.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";

import { installed } from "../support/app.ts";
import { inEachRuntime, SOME_RUNTIMES } from "../support/programs.ts";
import { TOKEN } from "../support/token.ts";

const { SignInTokens, SignInTokensError } = await installed();
const secretKey = "sk_test_class";
const tokens = new SignInTokens({ secretKey });
const refused = { code: "invalid_argument", outcome: "none", attempts: 0 };

describe("the class is called SignInTokens", () => {
  test("as the name of its constructor", () => {
    assert.equal(SignInTokens.name, "SignInTokens");
    assert.equal(tokens.constructor.name, "SignInTokens");
    assert.equal(SignInTokensError.name, "SignInTokensError");
  });

  test("in the console", () => assert.match(inspect(tokens), /^SignInTokens /));
});

test("a copy of a client is refused: it would outlive the memory of the client", async () => {
  assert.deepEqual({ ...tokens }, {});
  const copy: typeof tokens = Object.assign(Object.create(SignInTokens.prototype), tokens);
  await assert.rejects(copy.create({ userId: "user_1" }), refused);
});

test("the functions in the options are called without a receiver", async () => {
  const receivers: Record<string, string> = {};
  const note = <Value>(name: string, value: Value) =>
    function (this: unknown) {
      receivers[name] = typeof this;
      return value;
    };
  await new SignInTokens({
    secretKey: note("secretKey", secretKey),
    fetch: note("fetch", Promise.resolve(Response.json(TOKEN))),
    onAttempt: note("onAttempt", undefined),
  }).create({ userId: "user_1" });
  const none = "undefined";
  assert.deepEqual(receivers, { secretKey: none, fetch: none, onAttempt: none });
});

test("each call looks up the global fetch, and calls it with the global as this", async (t) => {
  const original = globalThis.fetch;
  t.after(() => (globalThis.fetch = original));
  const receivers: unknown[] = [];
  globalThis.fetch = async function (this: unknown) {
    receivers.push(this);
    return Response.json(TOKEN);
  };
  await tokens.create({ userId: "user_1" });
  assert.ok(receivers.length === 1 && receivers[0] === globalThis);
  Object.assign(globalThis, { fetch: undefined });
  const message = /^fetch: expected /;
  await assert.rejects(tokens.create({ userId: "user_1" }), { ...refused, message });
});

inEachRuntime(SOME_RUNTIMES, (run) => {
  test("the global fetch is called as a function of the global object, or of none", async () => {
    const { code, cause } = await run("single", { apiUrl: "http://127.0.0.1:9" });
    assert.equal(code, "network");
    assert.doesNotMatch(cause, /illegal invocation|incorrect `this`/i);
  });

  for (const how of ["answer", "argument"])
    test(`the stack of an error shows where the call was made: a wrong ${how}`, async () => {
      const { stack } = await run("stacks", { how });
      assert.match(stack, /callerOfCreate/);
    });
});
