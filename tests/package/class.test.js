// Tests what a program shows of the class, and how its functions are called.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";

import { installed } from "../support/app.ts";
import { SOME_RUNTIMES, startPrograms } from "../support/programs.ts";
import { TOKEN } from "../support/token.ts";

const { SignInTokens, SignInTokensError } = await installed();
const secretKey = "sk_test_class";
const tokens = new SignInTokens({ secretKey });

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
  const copy = Object.assign(Object.create(SignInTokens.prototype), tokens);
  const refused = { code: "invalid_argument", outcome: "none", attempts: 0 };
  await assert.rejects(copy.create({ userId: "user_1" }), refused);
});

test("the caller's functions are called without a receiver", async () => {
  const receivers = {};
  function note(name) {
    return function (value) {
      receivers[name] = typeof this;
      return name === "fetch" ? Promise.resolve(Response.json(TOKEN)) : (value ?? secretKey);
    };
  }
  const options = Object.fromEntries(
    ["secretKey", "fetch", "onAttempt"].map((name) => [name, note(name)]),
  );
  await new SignInTokens(options).create({ userId: "user_1" });
  assert.deepEqual(receivers, {
    secretKey: "undefined",
    fetch: "undefined",
    onAttempt: "undefined",
  });
});

for (const name of SOME_RUNTIMES) {
  describe(name, () => {
    let programs;
    before(async () => (programs = await startPrograms(name)));
    after(() => programs?.stop());

    test("the global fetch is called as a function of the global object, or of none", async () => {
      const { code, cause } = await programs.run("single", { apiUrl: "http://127.0.0.1:9" });
      assert.equal(code, "network");
      assert.doesNotMatch(cause, /illegal invocation|incorrect `this`/i);
    });
  });
}
