// Tests which arguments and options the package refuses before any request, and with which error.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Control } from "../../emulator/control-client.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { installed } from "../support/app.ts";

const { SignInTokens, SignInTokensError } = await installed();

function invalid(field) {
  return (error) => {
    assert.ok(error instanceof SignInTokensError, error.stack);
    assert.deepEqual(
      [error.code, error.outcome, error.attempts, error.errors],
      ["invalid_argument", "none", 0, []],
    );
    assert.match(error.message, new RegExp(`^${field}: expected `));
    assert.ok(!error.stack.includes("sk_live_secret"), error.stack);
    return true;
  };
}

describe("the constructor refuses", () => {
  const secretKey = "sk_live_secret";
  for (const [field, options] of [
    ["options", undefined],
    ["options", null],
    ["options", "sk_live_secret"],
    ["secretKey", {}],
    ["secretKey", { secretKey: undefined }],
    ["secretKey", { secretKey: 1 }],
    ["secretKey", { secretKey: null }],
    ["apiURL", { secretKey, apiURL: "https://api.clerk.com" }],
    ["\\[redacted\\]", { secretKey, sk_live_secret: true }],
    ["apiUrl", { secretKey, apiUrl: "http://api.clerk.com" }],
    ["apiUrl", { secretKey, apiUrl: "" }],
    ["apiUrl", { secretKey, apiUrl: "https://api.clerk.com/v1" }],
    ["apiUrl", { secretKey, apiUrl: new URL("https://api.clerk.com") }],
    ["apiUrl", { secretKey, apiUrl: "sk_live_secret" }],
    ["fetch", { secretKey, fetch: "fetch" }],
    ["timeout", { secretKey, timeout: 0 }],
    ["timeout", { secretKey, timeout: 0.5 }],
    ["timeout", { secretKey, timeout: "10" }],
    ["timeout", { secretKey, timeout: Infinity }],
    ["timeout", { secretKey, timeout: NaN }],
    ["timeout", { secretKey, timeout: 2 ** 31 }],
    ["maxRetries", { secretKey, maxRetries: -1 }],
    ["maxRetries", { secretKey, maxRetries: 1.5 }],
    ["maxRetries", { secretKey, maxRetries: "sk_live_secret" }],
    ["onAttempt", { secretKey, onAttempt: {} }],
    ["secretKey", { secretKey: "sk_live_secret\uD83D" }],
    ...[
      ...["Authorization", "Host", "content-length", "Cookie", "Connection", "transfer-encoding"],
      ...["Origin", "Proxy-Authorization", "Sec-Fetch-Mode"],
    ].map((name) => ["headers", { secretKey, headers: { [name]: "sk_live_secret" } }]),
    ["headers", { secretKey, headers: [["content-type", "text/plain"]] }],
    ["headers", { secretKey, headers: new Headers({ "Clerk-API-Version": "1" }) }],
    ["headers", { secretKey, headers: { "x-y": "a\r\nsk_live_secret: b" } }],
    ["headers", { secretKey, headers: { "x y": "z" } }],
    ["headers", { secretKey, headers: "x" }],
  ]) {
    test(`${field} of ${JSON.stringify(options)}`, () => {
      assert.throws(() => new SignInTokens(options), invalid(field));
    });
  }
});

describe("a call refuses", () => {
  let requests = 0;
  const tokens = new SignInTokens({
    secretKey: "sk_live_secret",
    fetch: async () => void requests++,
  });
  const userId = "user_1";
  for (const [field, call] of [
    ["params", () => tokens.create()],
    ["params", () => tokens.create("user_1")],
    ["userId", () => tokens.create({})],
    ["userId", () => tokens.create({ userId: "" })],
    ["userId", () => tokens.create({ userId: "  " })],
    ["userId", () => tokens.create({ userId: 1 })],
    ["userId", () => tokens.create({ userId: "\uD800" })],
    ["userId", () => tokens.create({ userId: "\uDC00a" })],
    ["userId", () => tokens.create({ userId: "sk_live_secret\n" })],
    ["userId", () => tokens.create({ userId: "user_1\n" })],
    ["user_id", () => tokens.create({ userId, user_id: "user_1" })],
    ["orgId", () => tokens.create({ userId, orgId: "" })],
    ["orgId", () => tokens.create({ userId, orgId: 1 })],
    ["orgId", () => tokens.create({ userId, orgId: "\u{1F600}\uD83D" })],
    ["expiresInSeconds", () => tokens.create({ userId, expiresInSeconds: 0 })],
    ["expiresInSeconds", () => tokens.create({ userId, expiresInSeconds: -1 })],
    ["expiresInSeconds", () => tokens.create({ userId, expiresInSeconds: 2 ** 53 })],
    ["expiresInSeconds", () => tokens.create({ userId, expiresInSeconds: Infinity })],
    ["expiresInSeconds", () => tokens.create({ userId, expiresInSeconds: "600" })],
    ["expiresInSeconds", () => tokens.create({ userId, expiresInSeconds: NaN })],
    ["expiresInSeconds", () => tokens.create({ userId, expiresInSeconds: 0.5 })],
    ["expiresInSeconds", () => tokens.create({ userId, expiresInSeconds: 10n })],
    ["id", () => tokens.revoke()],
    ["id", () => tokens.revoke({ id: "sit_1" })],
    ["id", () => tokens.revoke(null)],
    ["id", () => tokens.revoke("")],
    ["id", () => tokens.revoke("\uD83D")],
    ["id", () => tokens.revoke("..")],
    ["id", () => tokens.delete(".")],
    ["id", () => tokens.delete("sit_1\u0000")],
    ["options", () => tokens.revoke("sit_1", null)],
    ["options", () => tokens.revoke("sit_1", 5)],
    ["retries", () => tokens.revoke("sit_1", { retries: 1 })],
    ["signal", () => tokens.revoke("sit_1", { signal: {} })],
    ["signal", () => tokens.revoke("sit_1", { signal: "now" })],
    ["timeout", () => tokens.revoke("sit_1", { timeout: -1 })],
    ["maxRetries", () => tokens.revoke("sit_1", { maxRetries: NaN })],
    ["maxRetries", () => tokens.revoke("sit_1", { maxRetries: "2" })],
    ["headers", () => tokens.revoke("sit_1", { headers: { authorization: "x" } })],
    ["headers", () => tokens.revoke("sit_1", { headers: { x: "sk_live_secret\ny" } })],
  ]) {
    test(`${field}: ${call.toString().slice(6)}`, async () => {
      await assert.rejects(call, invalid(field));
      assert.equal(requests, 0);
    });
  }

  test("to run after free()", async () => {
    const freed = new SignInTokens({ secretKey: "sk_live_secret" });
    freed.free();
    freed.free();
    await assert.rejects(() => freed.revoke("sit_1"), invalid("client"));
    const disposed = new SignInTokens({ secretKey: "sk_live_secret" });
    disposed[Symbol.dispose]();
    await assert.rejects(() => disposed.create({ userId }), invalid("client"));
  });

  for (const [what, secretKey] of [
    [
      "throws",
      () => {
        throw new Error("the store is down, sk_live_secret");
      },
    ],
    ["rejects", () => Promise.reject(new Error("the store is down, sk_live_secret"))],
    ["returns no string", () => undefined],
    ["resolves to an invalid key", async () => "sk_live_secret\n"],
  ]) {
    test(`a secretKey function that ${what}`, async () => {
      const client = new SignInTokens({ secretKey, fetch: async () => void requests++ });
      await assert.rejects(
        () => client.revoke("sit_1"),
        (error) => {
          invalid("secretKey")(error);
          if (error.cause) assert.equal(error.cause.message, "the store is down, [redacted]");
          return true;
        },
      );
      assert.equal(requests, 0);
    });
  }
});

describe("options reach the request", () => {
  let emulator, control;
  before(async () => {
    emulator = await startEmulator({ rateLimit: 0 });
    control = new Control(emulator.url);
  });
  after(() => emulator.close());

  test("each call asks the secretKey function once, whatever its attempts", async () => {
    await control.reset();
    let asked = 0;
    const secretKey = async () => (asked++ === 0 ? "sk_test_other" : SECRET_KEY);
    const tokens = new SignInTokens({ secretKey, apiUrl: emulator.url });
    await control.fault({ status: 429, headers: { "retry-after": "0" } });
    await assert.rejects(() => tokens.create({ userId: "user_1" }), { attempts: 2 });
    await tokens.create({ userId: "user_1" });
    const keys = (await control.requests()).map(({ headers }) => headers.authorization);
    assert.deepEqual(
      keys,
      ["sk_test_other", "sk_test_other", SECRET_KEY].map((key) => `Bearer ${key}`),
    );
  });

  test("requests go below a path of apiUrl", async () => {
    let seen;
    const fetch = (url) => {
      seen = url;
    };
    const apiUrl = "http://localhost:8700/base/";
    const tokens = new SignInTokens({ secretKey: SECRET_KEY, apiUrl, fetch });
    await assert.rejects(() => tokens.create({ userId: "user_1" }));
    assert.equal(seen, "http://localhost:8700/base/v1/sign_in_tokens");
  });

  test("a 401 says that the key is wrong", async () => {
    const keys = ["sk_test_old", SECRET_KEY];
    const tokens = new SignInTokens({
      secretKey: async () => keys.shift(),
      apiUrl: `${emulator.url}/`,
    });
    await assert.rejects(() => tokens.create({ userId: "user_1" }), {
      code: "unauthorized",
      status: 401,
      outcome: "none",
    });
    await tokens.create({ userId: "user_1" });
    assert.equal(keys.length, 0);
  });

  const OWN = {
    traceparent: "client",
    "X-App": "demo",
    "user-agent": "mine",
    "cookie-consent": "y",
  };
  for (const [what, own] of [
    ["a record", OWN],
    ["pairs", Object.entries(OWN)],
    ["Headers", new Headers(OWN)],
  ])
    test(`headers of the call override the client's, which are ${what}`, async () => {
      await control.reset();
      const tokens = new SignInTokens({
        secretKey: SECRET_KEY,
        apiUrl: emulator.url,
        headers: own,
      });
      await tokens.create(
        { userId: "user_1", orgId: null, expiresInSeconds: undefined },
        { headers: new Headers({ Traceparent: "call" }) },
      );
      const [{ headers, body }] = await control.requests();
      assert.deepEqual(
        [headers.traceparent, headers["x-app"], headers["user-agent"], headers["cookie-consent"]],
        ["call", "demo", "mine", "y"],
      );
      assert.deepEqual(JSON.parse(body), { user_id: "user_1" });
    });

  test("each call looks up the global fetch, and calls it with the global as this", async (t) => {
    const tokens = new SignInTokens({ secretKey: SECRET_KEY, apiUrl: emulator.url });
    const original = globalThis.fetch;
    t.after(() => (globalThis.fetch = original));
    let self;
    globalThis.fetch = function (...args) {
      self = this;
      return original(...args);
    };
    await tokens.create({ userId: "user_1" });
    assert.equal(self, globalThis);
    globalThis.fetch = undefined;
    await assert.rejects(() => tokens.create({ userId: "user_1" }), invalid("fetch"));
  });

  test("a token can be cloned and serialized", async () => {
    const tokens = new SignInTokens({ secretKey: SECRET_KEY, apiUrl: emulator.url });
    const token = await tokens.create({ userId: "user_1" });
    assert.deepEqual(structuredClone(token), token);
    assert.deepEqual(JSON.parse(JSON.stringify(token)), token);
    assert.equal(Object.getPrototypeOf(token), Object.prototype);
  });
});
