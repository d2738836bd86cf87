// Tests which arguments and options the package refuses before any request, and with which error.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SECRET_KEY } from "../../emulator/server.ts";
import { installed } from "../support/app.ts";
import { useClient } from "../support/client.ts";

const { SignInTokens, SignInTokensError } = await installed();
const secretKey = "sk_live_secret";

function invalid(field: string) {
  return (error: unknown) => {
    assert.ok(error instanceof SignInTokensError, String(error));
    const { code, outcome, attempts, errors, message, stack } = error;
    assert.deepEqual([code, outcome, attempts, errors], ["invalid_argument", "none", 0, []]);
    assert.ok(message.startsWith(`${field}: expected `), message);
    assert.ok(!String(stack).includes(secretKey), stack);
    return true;
  };
}

/** Names what a test refuses. JSON leaves out what makes the difference. */
const named = (value: unknown) => (typeof value === "number" ? value : JSON.stringify(value));

describe("the constructor refuses", () => {
  const forbidden = [
    ...["Authorization", "Host", "content-length", "Cookie", "Connection", "transfer-encoding"],
    ...["Origin", "Proxy-Authorization", "Sec-Fetch-Mode"],
  ];
  const refuses = (field: string, options: unknown, what = named(options)) =>
    test(`${field} of ${what}`, () => {
      assert.throws(() => new SignInTokens(options as never), invalid(field));
    });

  for (const options of [undefined, null, "sk_live_secret"]) refuses("options", options);
  refuses("secretKey", {});
  refuses("apiURL", { secretKey, apiURL: "https://api.clerk.com" });
  refuses("[redacted]", { secretKey, sk_live_secret: true });
  for (const [field, values] of Object.entries({
    secretKey: [undefined, 1, null, "sk_live_secret\uD83D"],
    apiUrl: [
      ...["http://api.clerk.com", "", "https://api.clerk.com/v1", "sk_live_secret"],
      new URL("https://api.clerk.com"),
    ],
    fetch: ["fetch"],
    timeout: [0, 0.5, "10", Infinity, NaN, 2 ** 31],
    maxRetries: [-1, 1.5, "sk_live_secret"],
    onAttempt: [{}],
    headers: [
      ...forbidden.map((name) => ({ [name]: "sk_live_secret" })),
      [["content-type", "text/plain"]],
      new Headers({ "Clerk-API-Version": "1" }),
      { "x-y": "a\r\nsk_live_secret: b" },
      { "x y": "z" },
      "x",
    ],
  }))
    for (const value of values) refuses(field, { secretKey, [field]: value }, named(value));
});

describe("a call refuses", () => {
  let requests = 0;
  const fetch = async () => void requests++ as never;
  const tokens = new SignInTokens({ secretKey, fetch });
  const userId = "user_1";
  type Method = (...args: unknown[]) => Promise<unknown>;
  const refuses = (field: string, method: "create" | "revoke" | "delete", ...args: unknown[]) =>
    test(`${field} of ${method}(${args.map(named)})`, async () => {
      await assert.rejects((tokens[method] as Method)(...args), invalid(field));
      assert.equal(requests, 0);
    });

  for (const params of [undefined, "user_1"]) refuses("params", "create", params);
  refuses("userId", "create", {});
  refuses("user_id", "create", { userId, user_id: "user_1" });
  for (const [field, values] of Object.entries({
    userId: ["", "  ", 1, "\uD800", "\uDC00a", "sk_live_secret\n", "user_1\n"],
    orgId: ["", 1, "\u{1F600}\uD83D"],
    expiresInSeconds: [0, -1, 2 ** 53, Infinity, "600", NaN, 0.5],
  }))
    for (const value of values) refuses(field, "create", { userId, [field]: value });
  test("expiresInSeconds of 10n", () =>
    assert.rejects(
      tokens.create({ userId, expiresInSeconds: 10n as never }),
      invalid("expiresInSeconds"),
    ));
  for (const id of [undefined, { id: "sit_1" }, null, "", "\uD83D", ".."])
    refuses("id", "revoke", id);
  for (const id of [".", "sit_1\u0000"]) refuses("id", "delete", id);
  for (const options of [null, 5]) refuses("options", "revoke", "sit_1", options);
  for (const [field, values] of Object.entries({
    retries: [1],
    signal: [{}, "now"],
    timeout: [-1],
    maxRetries: [NaN, "2"],
    headers: [{ authorization: "x" }, { x: "sk_live_secret\ny" }],
  }))
    for (const value of values) refuses(field, "revoke", "sit_1", { [field]: value });

  test("to run after free()", async () => {
    const freed = new SignInTokens({ secretKey });
    freed.free();
    freed.free();
    await assert.rejects(freed.revoke("sit_1"), invalid("client"));
    const disposed = new SignInTokens({ secretKey });
    disposed[Symbol.dispose]();
    await assert.rejects(disposed.create({ userId }), invalid("client"));
  });

  for (const [what, look] of [
    [
      "throws",
      () => {
        throw new Error("the store is down, sk_live_secret");
      },
    ],
    ["rejects", () => Promise.reject(new Error("the store is down, sk_live_secret"))],
    ["returns no string", () => undefined as never],
    ["resolves to an invalid key", async () => "sk_live_secret\n"],
  ] as const)
    test(`a secretKey function that ${what}`, async () => {
      const error = await new SignInTokens({ secretKey: look, fetch })
        .revoke("sit_1")
        .catch((error) => error);
      assert.ok(invalid("secretKey")(error));
      const cause = /^(throws|rejects)$/.test(what) ? "the store is down, [redacted]" : undefined;
      assert.equal(error.cause?.message, cause);
      assert.equal(requests, 0);
    });
});

describe("options reach the request", () => {
  const shared = useClient();

  test("each call asks the secretKey function once, whatever its attempts", async () => {
    const keys = ["sk_test_other", SECRET_KEY];
    const tokens = shared.client({ secretKey: async () => String(keys.shift()) });
    await shared.control.fault({ status: 429, headers: { "retry-after": "0" } });
    await assert.rejects(tokens.create({ userId: "user_1" }), {
      code: "unauthorized",
      status: 401,
      outcome: "none",
      attempts: 2,
    });
    await tokens.create({ userId: "user_1" });
    assert.deepEqual(
      (await shared.control.requests()).map(({ headers }) => headers.authorization),
      ["sk_test_other", "sk_test_other", SECRET_KEY].map((key) => `Bearer ${key}`),
    );
  });

  for (const [path, url] of [
    ["/", "http://localhost:8700/v1/sign_in_tokens"],
    ["/base/", "http://localhost:8700/base/v1/sign_in_tokens"],
  ])
    test(`requests go below the path ${path} of apiUrl`, async () => {
      let seen;
      const fetch = async (url: string) => void (seen = url) as never;
      const tokens = new SignInTokens({ secretKey, apiUrl: `http://localhost:8700${path}`, fetch });
      await assert.rejects(tokens.create({ userId: "user_1" }));
      assert.equal(seen, url);
    });

  const OWN = {
    traceparent: "client",
    "X-App": "demo",
    "user-agent": "mine",
    "cookie-consent": "y",
  };
  for (const [what, headers] of [
    ["a record", OWN],
    ["pairs", Object.entries(OWN)],
    ["Headers", new Headers(OWN)],
  ] as const)
    test(`headers of the call override the client's, which are ${what}`, async () => {
      await shared
        .client({ headers })
        .create(
          { userId: "user_1", orgId: null, expiresInSeconds: undefined },
          { headers: new Headers({ Traceparent: "call" }) },
        );
      const [{ headers: sent, body }] = await shared.control.requests();
      assert.deepEqual(
        [sent.traceparent, sent["x-app"], sent["user-agent"], sent["cookie-consent"]],
        ["call", "demo", "mine", "y"],
      );
      assert.deepEqual(JSON.parse(String(body)), { user_id: "user_1" });
    });

  test("a token can be cloned and serialized", async () => {
    const token = await shared.tokens.create({ userId: "user_1" });
    assert.deepEqual(structuredClone(token), token);
    assert.deepEqual(JSON.parse(JSON.stringify(token)), token);
    assert.equal(Object.getPrototypeOf(token), Object.prototype);
  });
});
