// Tests what the two operations send, and what each answer becomes: a token, or an error.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { installed } from "../support/app.ts";
import { TOKEN } from "../support/token.ts";

const { SignInTokens, SignInTokensError } = await installed();

const ERRORS = [
  { code: "some_code", message: "a message", long_message: "A long message.", meta: { a_b: 1 } },
];

/** Returns a client whose `fetch` gives this answer, and the requests. */
function clientOf(body: unknown, init: ResponseInit = {}) {
  const requests: { url: string; init: RequestInit & { headers: Record<string, string> } }[] = [];
  const fetch = async (url: string, given: RequestInit) => {
    requests.push({
      url,
      init: { ...given, headers: Object.fromEntries(new Headers(given.headers)) },
    });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), init);
  };
  return { client: new SignInTokens({ secretKey: "sk_test_key", fetch, maxRetries: 0 }), requests };
}

async function failure(body: unknown, init?: ResponseInit) {
  const error = await clientOf(body, init)
    .client.create({ userId: "user_1" })
    .catch((error) => error);
  assert.ok(error instanceof SignInTokensError, String(error));
  return error;
}

describe("a create sends", () => {
  for (const [params, body] of [
    [{ userId: "user_1" }, { user_id: "user_1" }],
    [
      { userId: "user_1", orgId: "org_1", expiresInSeconds: 600 },
      { user_id: "user_1", org_id: "org_1", expires_in_seconds: 600 },
    ],
    [
      { userId: '\uFFFD \u{1F600} "', orgId: null, expiresInSeconds: null },
      { user_id: '\uFFFD \u{1F600} "' },
    ],
  ] as const)
    test(JSON.stringify(body), async () => {
      const { client, requests } = clientOf(TOKEN);
      await client.create(params);
      const [{ init }] = requests;
      assert.deepEqual(JSON.parse(String(init.body)), body);
      assert.deepEqual([init.method, init.redirect], ["POST", "manual"]);
      assert.equal(init.headers["content-type"], "application/json");
      assert.equal(init.headers["clerk-api-version"], "2026-05-12");
      assert.equal(init.headers.authorization, "Bearer sk_test_key");
    });
});

test("a revoke sends no body, and its ID as one segment of the path", async () => {
  const { client, requests } = clientOf(TOKEN);
  await client.revoke("sit/1?é#");
  await client.delete("sit_2");
  assert.deepEqual(
    requests.map(({ url, init }) => [url, init.method, init.body, init.headers["content-type"]]),
    ["sit%2F1%3F%C3%A9%23", "sit_2"].map((path) => [
      `https://api.clerk.com/v1/sign_in_tokens/${path}/revoke`,
      "POST",
      undefined,
      undefined,
    ]),
  );
});

test("a token may lack its secrets, and have unknown fields and statuses", async () => {
  const { token: _, url: __, ...rest } = { token: 0, url: 0, ...TOKEN };
  const { client } = clientOf({ ...rest, status: "expired", token: null, more: { x: [1] } });
  assert.deepEqual(await client.create({ userId: "user_1" }), {
    object: "sign_in_token",
    id: TOKEN.id,
    userId: TOKEN.user_id,
    status: "expired",
    createdAt: TOKEN.created_at,
    updatedAt: TOKEN.updated_at,
  });
});

describe("the outcome is unknown", () => {
  const UNKNOWN = { outcome: "unknown", attempts: 1, errors: [] };
  for (const body of [
    ...["", "<h1>Not found</h1>", "{}", "null", '{"errors":{}}', '{"errors":[1]}'],
    '{"errors":[{"message":"Forbidden"}]}',
    '{"errors":[{"code":10000,"message":"Authentication error"}]}',
  ])
    test(`after a 404 without Clerk's errors: ${body}`, async () => {
      const { code, status, outcome, attempts, errors } = await failure(body, { status: 404 });
      assert.deepEqual([code, status], ["not_found", 404]);
      assert.deepEqual({ outcome, attempts, errors }, UNKNOWN);
    });

  for (const body of [
    ...["", "null", "[]", "{}", "5", "<p>", '{"object":'],
    ...[
      { object: "user" },
      { id: "" },
      { id: 1 },
      { user_id: null },
      { status: 1 },
      { token: {} },
      { created_at: "2026" },
      { updated_at: 1.5 },
      { updated_at: 2 ** 53 },
    ].map((field) => JSON.stringify({ ...TOKEN, ...field })),
  ])
    test(`after a 200 without a token: ${body}`, async () => {
      const { code, status, outcome, attempts, errors } = await failure(body);
      assert.deepEqual([code, status], ["invalid_response", 200]);
      assert.deepEqual({ outcome, attempts, errors }, UNKNOWN);
    });
});

test("an error has all fields of the answer, and leaves out those without a value", async () => {
  const headers = { "retry-after": "3600", "cf-ray": "ray_1" };
  const error = await failure(
    { errors: ERRORS, clerk_trace_id: "trace_1" },
    { status: 429, headers },
  );
  const errors = [
    { code: "some_code", message: "a message", longMessage: "A long message.", meta: { aB: 1 } },
  ];
  assert.deepEqual(JSON.parse(JSON.stringify(error)), {
    code: "rate_limited",
    status: 429,
    errors,
    clerkTraceId: "trace_1",
    retryAfter: 3600,
    attempts: 1,
    outcome: "none",
  });
  assert.throws(
    () => new SignInTokens({} as never),
    (thrown) => {
      assert.equal(Object.getPrototypeOf(thrown), Object.getPrototypeOf(error));
      assert.deepEqual(JSON.parse(JSON.stringify(thrown)), {
        code: "invalid_argument",
        errors: [],
        attempts: 0,
        outcome: "none",
      });
      return true;
    },
  );
});

test("all errors are of one class that extends Error", async () => {
  const error = await failure("", { status: 404 });
  assert.match(String(error.stack), /^SignInTokensError: /);
  assert.deepEqual(
    [error.name, error.constructor.name],
    ["SignInTokensError", "SignInTokensError"],
  );
  assert.equal(Object.getPrototypeOf(error.constructor), Error);
});

test("a lost answer is the cause of its error", async () => {
  const cause = new TypeError("connection broken");
  const fetch = () => Promise.reject(cause);
  const client = new SignInTokens({ secretKey: "sk_test_key", fetch });
  const error = await client.create({ userId: "user_1" }).catch((error) => error);
  assert.ok(error instanceof SignInTokensError);
  assert.deepEqual([error.code, error.outcome], ["network", "unknown"]);
  assert.equal(error.message, "create: no answer came; a token may have been created");
  const { name, message } = error.cause as Error;
  assert.deepEqual([name, message], [cause.name, cause.message]);
});
