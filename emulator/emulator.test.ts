// Tests that the emulator answers like Clerk's OpenAPI description, refuses sign-ins as Clerk does,
// and sends the faults that tests set up. tests/examples/redeem.test.ts signs in with the real SDK.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";

import openapi from "openapi-response-validator";
import { parse } from "yaml";

import type { Control } from "./control.ts";
import type { ApiError } from "./errors.ts";
import { SECRET_KEY, startEmulator } from "./server.ts";

const { default: OpenAPIResponseValidator } = openapi;
const api = parse(
  readFileSync(new URL("clerk-sign-in-tokens.openapi.yml", import.meta.url), "utf8"),
);
const CREATE = "/sign_in_tokens";
const REVOKE = "/sign_in_tokens/{sign_in_token_id}/revoke";
let emulator: Awaited<ReturnType<typeof startEmulator>>, control: Control;

before(async () => {
  emulator = await startEmulator();
  ({ control } = emulator);
});
after(() => emulator.close());
beforeEach(() => control.reset());

/** An answer has a token, a browser, a sign-in or errors. */
type Body = Record<"id" | "token" | "url" | "status", string> & {
  response?: { status: string };
} & Partial<ApiError["body"]>;

async function post(path: string, body?: string | object, init: RequestInit = {}) {
  const response = await fetch(`${emulator.url}/v1${path}`, {
    method: "POST",
    redirect: "manual",
    headers: {
      authorization: `Bearer ${SECRET_KEY}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...init,
    body: typeof body === "object" ? JSON.stringify(body) : body,
  });
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as Body };
}

/** Returns the status of an answer, and the code of its error. */
const refusal = ({ status, body }: Awaited<ReturnType<typeof post>>) => [
  status,
  body.errors?.[0].code,
];

const create = (params: string | object = { user_id: "user_1" }, init?: RequestInit) =>
  post(CREATE, params, init);
const revoke = (id: string) => post(`${CREATE}/${id}/revoke`);

/**
 * Checks an answer against the description of `path`. All operations share the statuses that it
 * does not have.
 */
function conforms(
  path: string,
  { status, body }: { status: number; body: unknown },
  method = "post",
) {
  const described = api.paths[path][method].responses;
  const { $ref } = described[status] ?? { $ref: "#/components/responses/ClerkErrors" };
  const validator = new OpenAPIResponseValidator({
    responses: { [status]: api.components.responses[$ref.split("/").at(-1)] },
    components: api.components,
  });
  assert.equal(validator.validateResponse(status, body), undefined);
  if (status >= 400) assert.match((body as ApiError["body"]).errors[0].code, /^[a-z_]+$/);
}

describe("every answer conforms", () => {
  const format = "form_param_format_invalid";
  const answers: [what: string, params: string | object, status: number, code?: string][] = [
    ["a create", { user_id: "user_1" }, 200],
    ["everything", { user_id: "user_1", org_id: "org_1", expires_in_seconds: 1 }, 200],
    ["nulls", { user_id: "user_1", org_id: null, expires_in_seconds: null }, 200],
    ["no such user", { user_id: "nobody" }, 404, "resource_not_found"],
    ["no such organization", { user_id: "user_1", org_id: "none" }, 404, "resource_not_found"],
    ["no user", {}, 422, "form_param_missing"],
    ["a lifetime of 0", { user_id: "user_1", expires_in_seconds: 0 }, 422, format],
    ["a lifetime in words", { user_id: "user_1", expires_in_seconds: "1" }, 422, format],
    ["a user who is a number", { user_id: 1 }, 422, format],
    ["an unknown parameter", { user_id: "user_1", x: 1 }, 422, "form_param_unknown"],
    ["broken JSON", "{", 400, "request_body_invalid"],
  ];
  for (const [what, params, status, code] of answers) {
    test(what, async () => {
      const answer = await create(params);
      assert.deepEqual(refusal(answer), [status, code]);
      conforms(CREATE, answer);
    });
  }

  test("a revoke, and one of a token that is not pending", async () => {
    const { body: token } = await create();
    const revoked = await revoke(token.id);
    assert.deepEqual([revoked.status, revoked.body.status], [200, "revoked"]);
    conforms(REVOKE, revoked);
    const again = await revoke(token.id);
    assert.deepEqual(refusal(again), [400, "sign_in_token_cannot_be_revoked_code"]);
    conforms(REVOKE, again);
    const unknown = await revoke("sit_none");
    assert.equal(unknown.status, 404);
    conforms(REVOKE, unknown);
  });

  test("a search for users", async () => {
    const search = async (query: Record<string, string>, key = SECRET_KEY) => {
      const response = await fetch(`${emulator.url}/v1/users?${new URLSearchParams(query)}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const body = (await response.json()) as { id: string }[];
      const answer = { status: response.status, body };
      conforms("/users", answer, "get");
      return answer;
    };
    const found = async (query: Record<string, string>) =>
      (await search(query)).body.map(({ id }) => id);
    const [first, ...rest] = await found({});
    assert.deepEqual(await found({ limit: "2" }), [first, rest[0]]);
    assert.deepEqual(await found({ query: "LINDQVIST@" }), [first]);
    assert.deepEqual(await found({ query: "user_none" }), ["user_none"], "every user_* is a user");
    assert.deepEqual(await found({ query: "none" }), []);
    assert.equal((await search({ limit: "0" })).status, 422);
    assert.equal((await search({}, "sk_test_other")).status, 401);
  });

  test("without a key, or with another", async () => {
    for (const [authorization, code] of [
      ["", "authentication_invalid"],
      ["Bearer sk_test_other", "clerk_key_invalid"],
    ]) {
      const answer = await create(undefined, { headers: { authorization } });
      assert.deepEqual(refusal(answer), [401, code]);
      conforms(CREATE, answer);
    }
  });

  test("the rate limit of a development instance, which a reset forgets", async () => {
    await control.setRateLimit(1);
    assert.equal((await create()).status, 200);
    const limited = await create();
    assert.equal(limited.status, 429);
    assert.match(String(limited.headers.get("retry-after")), /^([1-9]|10)$/);
    conforms(CREATE, limited);
    await control.reset();
    assert.equal((await create()).status, 200);
    await control.setRateLimit(100);
  });
});

describe("a ticket's URL", () => {
  const open = async (url: string) => {
    const response = await fetch(url);
    return [response.status, (await response.text()).match(/\((\w+)\)/)?.[1]];
  };

  test("accepts the ticket once, after which it cannot be revoked", async () => {
    const { body } = await create();
    const { id, url } = body;
    assert.deepEqual(await open(url), [200, undefined]);
    assert.equal((await control.tokens())[0].status, "accepted");
    assert.deepEqual(await open(url), [400, "sign_in_token_already_used_code"]);
    assert.equal((await revoke(id)).status, 400);
  });

  test("refuses a ticket that is revoked, expired or unknown", async () => {
    const { body: revoked } = await create();
    await revoke(revoked.id);
    assert.deepEqual(await open(revoked.url), [400, "sign_in_token_revoked_code"]);
    const { body: expired } = await create({ user_id: "user_1", expires_in_seconds: 60 });
    await control.advance(60);
    assert.deepEqual(await open(expired.url), [400, "ticket_expired_code"]);
    assert.deepEqual(await open(`${emulator.url}/v1/tickets/accept?ticket=x`), [
      400,
      "ticket_invalid_code",
    ]);
  });
});

describe("the Frontend API", () => {
  const createTicket = async () => (await create()).body.token;
  const newBrowser = async () => (await post("/dev_browser")).body.id;
  const signIn = async (browser: string, ticket: string, strategy = "ticket") => {
    const body = new URLSearchParams({ strategy, ticket }).toString();
    const answer = await post(`/client/sign_ins?__clerk_db_jwt=${browser}`, body);
    if (answer.status === 200) assert.equal(answer.body.response?.status, "complete");
    return answer;
  };

  test("a ticket signs in one browser, once", async () => {
    const [ticket, one, other] = [await createTicket(), await newBrowser(), await newBrowser()];
    assert.equal((await signIn(one, ticket)).status, 200);
    const again = await signIn(other, ticket);
    assert.deepEqual(refusal(again), [400, "sign_in_token_already_used_code"]);
  });

  test("a browser that is signed in cannot sign in again: its ticket stays unused", async () => {
    const browser = await newBrowser();
    await signIn(browser, await createTicket());
    const ticket = await createTicket();
    assert.deepEqual(refusal(await signIn(browser, ticket)), [400, "session_exists"]);
    assert.equal((await signIn(await newBrowser(), ticket)).status, 200);
  });

  test("an unknown browser, session or strategy is refused", async () => {
    const browser = await newBrowser();
    for (const [answer, ...expected] of [
      [await signIn("dvb_none", "t"), 401, "dev_browser_unauthenticated"],
      [await signIn(browser, "t", "password"), 422, "form_param_value_invalid"],
      [
        await post(`/client/sessions/sess_none/touch?__clerk_db_jwt=${browser}`),
        404,
        "resource_not_found",
      ],
    ] as const)
      assert.deepEqual(refusal(answer), expected);
  });

  test("an address may sign in 5 times in 10 seconds", async () => {
    for (let n = 0; n < 5; n++)
      assert.equal((await signIn(await newBrowser(), await createTicket())).status, 200);
    const limited = await signIn(await newBrowser(), await createTicket());
    assert.deepEqual(refusal(limited), [429, "too_many_requests"]);
    assert.match(String(limited.headers.get("retry-after")), /^([1-9]|10)$/);
  });
});

describe("faults", () => {
  test("a status, headers and a body, for the next n requests of an operation", async () => {
    await control.fault({
      operation: "create",
      times: 2,
      status: 503,
      headers: { "retry-after": "1" },
      body: "<html>",
    });
    assert.equal((await revoke("sit_none")).status, 404);
    for (const [status, text] of [
      [503, "<html>"],
      [503, "<html>"],
      [200, '"pending"'],
    ] as const) {
      const init = { method: "POST", headers: { authorization: `Bearer ${SECRET_KEY}` } };
      const body = '{"user_id":"user_1"}';
      const response = await fetch(`${emulator.url}/v1${CREATE}`, { ...init, body });
      assert.equal(response.status, status);
      assert.ok((await response.text()).includes(text));
    }
  });

  test("a dropped connection, with and without effect", async () => {
    await control.fault({ drop: "answer" });
    await assert.rejects(create);
    assert.equal((await control.tokens()).length, 0);
    await control.fault({ drop: "answer", effect: true });
    await assert.rejects(create);
    assert.equal((await control.tokens()).length, 1);
  });

  test("delays that end at a release, which leaves the faults that replace an answer", async () => {
    await control.fault({ delay: 600_000, times: 2 });
    await control.fault({ delay: 600_000, status: 503, body: "{}" });
    const waiting = create();
    await control.arrived(1);
    await control.release();
    assert.equal((await waiting).status, 200);
    for (const status of [503, 200]) assert.equal((await create()).status, status);
  });

  test("delays that a release after a reset does not end", async () => {
    await control.fault({ delay: 600_000 });
    const leaving = new AbortController();
    const forgotten = assert.rejects(create(undefined, { signal: leaving.signal }));
    await control.arrived(1);
    await control.reset();
    await control.release();
    assert.equal((await create({ user_id: "user_2" })).status, 200);
    leaving.abort();
    await forgotten;
    assert.deepEqual(
      (await control.tokens()).map((token) => token.user_id),
      ["user_2"],
    );
  });
});
