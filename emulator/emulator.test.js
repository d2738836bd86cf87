// Tests that the emulator answers like Clerk's OpenAPI description, and sends the faults that tests
// set up.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";

import openapi from "openapi-response-validator";
import { parse } from "yaml";

import { Control } from "./control-client.ts";
import { SECRET_KEY, startEmulator } from "./server.ts";

const { default: OpenAPIResponseValidator } = openapi;
const api = parse(
  readFileSync(new URL("clerk-sign-in-tokens.openapi.yml", import.meta.url), "utf8"),
);
const CREATE = "/sign_in_tokens";
const REVOKE = "/sign_in_tokens/{sign_in_token_id}/revoke";
let emulator, control;

before(async () => {
  emulator = await startEmulator();
  control = new Control(emulator.url);
});
after(() => emulator.close());
beforeEach(() => control.reset());

async function post(path, body, headers = {}, signal = undefined) {
  const response = await fetch(`${emulator.url}/v1${path}`, {
    method: "POST",
    redirect: "manual",
    signal,
    headers: {
      authorization: `Bearer ${SECRET_KEY}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    body: typeof body === "object" ? JSON.stringify(body) : body,
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const create = (params = { user_id: "user_1" }, signal) => post(CREATE, params, {}, signal);
const revoke = (id) => post(`${CREATE}/${id}/revoke`);

/** Checks an answer against the description of `path`; statuses that all operations share are ClerkErrors. */
function conforms(path, { status, body }, method = "post") {
  const described = api.paths[path][method].responses;
  const { $ref } = described[status] ?? { $ref: "#/components/responses/ClerkErrors" };
  const validator = new OpenAPIResponseValidator({
    responses: { [status]: api.components.responses[$ref.split("/").at(-1)] },
    components: api.components,
  });
  assert.equal(validator.validateResponse(status, body), undefined);
  if (status >= 400) assert.match(body.errors[0].code, /^[a-z_]+$/);
}

describe("every answer conforms", () => {
  for (const [what, params, status, code] of [
    ["a create", { user_id: "user_1" }, 200],
    [
      "a create with everything",
      { user_id: "user_1", org_id: "org_1", expires_in_seconds: 1 },
      200,
    ],
    ["nulls", { user_id: "user_1", org_id: null, expires_in_seconds: null }, 200],
    ["no such user", { user_id: "nobody" }, 404, "resource_not_found"],
    ["no such organization", { user_id: "user_1", org_id: "none" }, 404, "resource_not_found"],
    ["no user", {}, 422, "form_param_missing"],
    [
      "a lifetime of 0",
      { user_id: "user_1", expires_in_seconds: 0 },
      422,
      "form_param_format_invalid",
    ],
    [
      "a lifetime in words",
      { user_id: "user_1", expires_in_seconds: "1" },
      422,
      "form_param_format_invalid",
    ],
    ["a user who is a number", { user_id: 1 }, 422, "form_param_format_invalid"],
    ["an unknown parameter", { user_id: "user_1", x: 1 }, 422, "form_param_unknown"],
    ["broken JSON", "{", 400, "request_body_invalid"],
  ]) {
    test(what, async () => {
      const answer = await create(params);
      assert.deepEqual([answer.status, answer.body.errors?.[0].code], [status, code]);
      conforms(CREATE, answer);
    });
  }

  test("a revoke, and one of a token that is not pending", async () => {
    const {
      body: { id },
    } = await create();
    const revoked = await revoke(id);
    assert.deepEqual([revoked.status, revoked.body.status], [200, "revoked"]);
    conforms(REVOKE, revoked);
    const again = await revoke(id);
    assert.deepEqual(
      [again.status, again.body.errors[0].code],
      [400, "sign_in_token_cannot_be_revoked_code"],
    );
    conforms(REVOKE, again);
    const unknown = await revoke("sit_none");
    assert.equal(unknown.status, 404);
    conforms(REVOKE, unknown);
  });

  test("a search for users", async () => {
    const search = async (query, authorization = `Bearer ${SECRET_KEY}`) => {
      const response = await fetch(`${emulator.url}/v1/users?${new URLSearchParams(query)}`, {
        headers: { authorization },
      });
      const answer = { status: response.status, body: await response.json() };
      conforms("/users", answer, "get");
      return answer;
    };
    const found = async (query) => (await search(query)).body.map(({ id }) => id);
    const [first, ...rest] = await found({});
    assert.deepEqual(await found({ limit: 2 }), [first, rest[0]]);
    assert.deepEqual(await found({ query: "LINDQVIST@" }), [first]);
    assert.deepEqual(await found({ query: "user_none" }), ["user_none"], "every user_* is a user");
    assert.deepEqual(await found({ query: "none" }), []);
    assert.equal((await search({ limit: 0 })).status, 422);
    assert.equal((await search({}, "Bearer sk_test_other")).status, 401);
  });

  test("without a key, or with another", async () => {
    for (const [authorization, code] of [
      ["", "authentication_invalid"],
      ["Bearer sk_test_other", "clerk_key_invalid"],
    ]) {
      const answer = await post(CREATE, { user_id: "user_1" }, { authorization });
      assert.deepEqual([answer.status, answer.body.errors[0].code], [401, code]);
      conforms(CREATE, answer);
    }
  });

  test("the rate limit of a development instance", async () => {
    await control.setRateLimit(2);
    const answers = [];
    for (let n = 0; n < 60 && answers.at(-1)?.status !== 429; n++) answers.push(await create());
    await control.setRateLimit(100);
    const limited = answers.at(-1);
    assert.equal(limited.status, 429);
    assert.match(limited.headers.get("retry-after"), /^([1-9]|10)$/);
    conforms(CREATE, limited);
  });

  test("no rate limit from before a reset", async () => {
    await control.setRateLimit(1);
    assert.deepEqual([(await create()).status, (await create()).status], [200, 429]);
    await control.reset();
    assert.equal((await create()).status, 200);
    await control.setRateLimit(100);
  });
});

describe("a ticket's URL", () => {
  const open = async (url) => {
    const response = await fetch(url);
    return [response.status, (await response.text()).match(/\((\w+)\)/)?.[1]];
  };

  test("accepts the ticket once, after which it cannot be revoked", async () => {
    const {
      body: { id, url },
    } = await create();
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

describe("faults", () => {
  test("with a field that does not exist are refused by its name", async () => {
    await assert.rejects(control.fault({ stauts: 500 }), /unknown: stauts; known: .*status/);
  });

  test("a status, headers and a body, for the next n requests of an operation", async () => {
    await control.fault({
      operation: "create",
      times: 2,
      status: 503,
      headers: { "retry-after": "1" },
      body: "<html>",
    });
    assert.equal((await revoke("sit_none")).status, 404);
    for (const status of [503, 503, 200]) {
      const response = await fetch(`${emulator.url}/v1${CREATE}`, {
        method: "POST",
        headers: { authorization: `Bearer ${SECRET_KEY}` },
        body: '{"user_id":"user_1"}',
      });
      assert.equal(response.status, status);
      await response.text();
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

  test("a truncated body, and a redirect", async () => {
    await control.fault({ drop: "body", body: '{"object":"sign_in_token"}' });
    await assert.rejects(create);
    await control.fault({ status: 307, headers: { location: "http://127.0.0.1:9/" }, body: "{}" });
    assert.equal((await create()).status, 307);
  });

  test("delays, and what was received", async () => {
    await control.fault({ delay: 1 });
    assert.equal((await create()).status, 200);
    await control.fault({ bodyDelay: 1, body: "{}" });
    assert.equal((await create()).status, 200);
    const requests = await control.requests();
    assert.deepEqual(
      requests.map(({ operation, method, url, body }) => ({ operation, method, url, body }))[0],
      {
        operation: "create",
        method: "POST",
        url: "/v1/sign_in_tokens",
        body: '{"user_id":"user_1"}',
      },
    );
    assert.equal(requests.length, 2);
  });

  test("delays that end at a release, which leaves other faults", async () => {
    await control.fault({ delay: 600_000, times: 2 });
    await control.fault({ status: 503, body: "{}" });
    const waiting = create();
    await control.arrived(1);
    await control.release();
    assert.equal((await waiting).status, 200);
    for (const status of [200, 503]) assert.equal((await create()).status, status);
  });

  test("delays that a release after a reset does not end", async () => {
    await control.fault({ delay: 600_000 });
    const leaving = new AbortController();
    const forgotten = assert.rejects(create({ user_id: "user_1" }, leaving.signal));
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

  test("an unknown fault is refused", async () => {
    await assert.rejects(() => control.fault({ explode: true }));
  });
});
