// Tests what the Worker of the admin page sends to Clerk, and what it answers.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { SignInTokensError } from "clerk-sign-in-tokens";

import { SECRET_KEY } from "../../emulator/server.ts";
import { type AnswerCode, ANSWERS } from "../../www/contract.ts";
import { installed } from "../support/app.ts";
import { PASSWORD, startSite, useSite } from "../support/site.ts";
import { asVisitor, codeOf, asAdmin, workerModule } from "./as-admin.ts";
import { refusal } from "./on-page.ts";

const site = await useSite();
const { post, get, create, revoke } = await asAdmin(site);
const visitor = asVisitor(site);

/** Returns the status and the code of an answer that is not the Worker's own. */
const passedOn = async (response: Response) => [
  response.status,
  (await response.json()).errors[0].code,
];

test("the Worker's own answers have these statuses", () => {
  const codes = Object.keys(ANSWERS) as AnswerCode[];
  assert.deepEqual(
    Object.groupBy(codes.sort(), (code) => ANSWERS[code].status),
    {
      __proto__: null,
      401: ["access_required", "session_required", "wrong_password"],
      403: ["cross_site", "secret_key_refused"],
      404: ["lookup_off", "no_history", "not_here"],
      409: ["already_failed"],
      413: ["too_large"],
      422: [
        "invalid_argument",
        "invalid_notes",
        "invalid_query",
        "lifetime_too_long",
        "request_id_required",
      ],
      424: [
        "access_unavailable",
        "clerk_unreachable",
        "history_unavailable",
        "lookup_failed",
        "session_unavailable",
      ],
      429: ["too_many_attempts", "too_many_lookups"],
      500: ["internal"],
      502: ["already_created", "already_unknown"],
    },
  );
});

describe("with a password", () => {
  test("refuses other sites, with or without the cookie", async () => {
    const origin = "https://evil.example";
    const foreign: Record<string, string>[] = [
      { origin },
      { origin, "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const headers of foreign)
      for (const send of [create, visitor.create])
        assert.equal(await codeOf(await send("user_1", headers)), "cross_site");
    assert.equal((await site.control.requests()).length, 0);
  });

  test("does the two operations only", async () => {
    for (const path of [
      "/v1/users",
      "/v1/sign_in_tokens/x",
      "/v1/sign_in_tokens/x/revoke/y",
      "/v1/sign_in_tokens/%2e%2e/revoke",
    ]) {
      assert.ok((await post(path, {})).status >= 400, path);
    }
    assert.equal((await get("/v1/sign_in_tokens")).status, 404);
    assert.equal((await site.control.requests()).length, 0);
    const { id } = await (await create()).json();
    assert.equal((await (await revoke(id)).json()).status, "revoked");
  });

  test("passes Clerk's errors on, and nothing else", async () => {
    await site.control.fault({
      status: 429,
      headers: { "retry-after": "7", "set-cookie": "a=b" },
      body: { errors: [] },
    });
    const limited = await create();
    assert.deepEqual(
      [limited.status, limited.headers.get("retry-after"), limited.headers.get("set-cookie")],
      [429, "7", null],
    );
    // A refused key is no matter of the admin's session.
    await site.control.fault({
      status: 401,
      body: refusal(SECRET_KEY, "authentication_invalid"),
    });
    assert.equal(await codeOf(await create()), "secret_key_refused");
    await site.control.fault({ drop: "answer" });
    assert.deepEqual(await passedOn(await create()), [502, "network"]);
    await site.control.fault({ status: 302, headers: { location: "https://evil.example" } });
    assert.deepEqual(await passedOn(await create()), [502, "invalid_response"]);
    assert.equal(await codeOf(await post("/v1/sign_in_tokens", null)), "invalid_argument");
    const large = await post("/v1/sign_in_tokens", { user_id: "x".repeat(20_000) });
    assert.equal(await codeOf(large), "too_large");
  });

  test("passes an unknown outcome on as unknown", async () => {
    const body = "<h1>Not here</h1>";
    const { id } = await (await create()).json();
    for (const status of [400, 401, 403, 404, 409, 451]) {
      for (const send of [() => create(), () => revoke(id)]) {
        await site.control.fault({ status, body, headers: { "cf-ray": "8f2b-EMU" } });
        const response = await send();
        const { errors, clerk_trace_id: traceId } = await response.json();
        assert.deepEqual(
          [response.status, errors[0].code, traceId],
          [502, "invalid_response", "8f2b-EMU"],
        );
      }
    }
    // An earlier attempt may have revoked the token, although the last one certainly did not.
    await site.control.fault({ operation: "revoke", drop: "answer" });
    const limited = { status: 429, headers: { "retry-after": "60" }, body: { errors: [] } };
    await site.control.fault({ operation: "revoke", ...limited });
    const response = await revoke(id);
    assert.deepEqual([response.status, response.headers.get("retry-after")], [502, "60"]);
  });

  test("sends security headers with every answer", async () => {
    for (const response of [
      await fetch(site.url),
      await fetch(`${site.url}/nothing`),
      await visitor.create(),
      await create(),
    ]) {
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(response.headers.get("referrer-policy"), "no-referrer");
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      assert.match(
        response.headers.get("content-security-policy") ?? "",
        /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
      );
      assert.ok(!(await response.text()).includes(SECRET_KEY));
    }
  });

  test("never sends the key to the browser, even if upstream echoes it", async () => {
    const body = {
      errors: [{ code: SECRET_KEY, message: SECRET_KEY, long_message: `key ${SECRET_KEY}` }],
      clerk_trace_id: SECRET_KEY,
      echo: SECRET_KEY,
    };
    const token = { object: "sign_in_token", id: "sit_1", status: "pending", url: SECRET_KEY };
    for (const fault of [
      { status: 422, body },
      { status: 500, body },
      { status: 503, body: `<h1>${SECRET_KEY}</h1>` },
      { status: 429, body, headers: { "retry-after": SECRET_KEY } },
      { status: 200, body: { ...token, user_id: SECRET_KEY, created_at: 1, updated_at: 1 } },
    ]) {
      await site.control.fault({ headers: { "cf-ray": SECRET_KEY }, ...fault });
      const response = await create();
      assert.equal(response.status, fault.status);
      const seen = JSON.stringify([[...response.headers], await response.text()]);
      assert.ok(!seen.includes(SECRET_KEY), seen);
    }
  });

  test("lets browsers cache hashed files only", async () => {
    const html = await (await fetch(site.url)).text();
    const [script] = html.match(/(?<=src=")\/assets\/[^"]+/) ?? [];
    const kept = (await fetch(`${site.url}${script}`)).headers.get("cache-control");
    assert.equal(kept, "public, max-age=31536000, immutable");
    const missing = await fetch(`${site.url}/assets/none.js`);
    assert.equal(missing.headers.get("cache-control"), "no-store");
  });

  test("enforces the maximum lifetime", async () => {
    const body = { user_id: "user_1", expires_in_seconds: 2_592_001 };
    const response = await post("/v1/sign_in_tokens", body);
    assert.equal(await codeOf(response), "lifetime_too_long");
    assert.equal((await site.control.requests()).length, 0);
  });

  test("makes one client for all requests with one key", async () => {
    const { clientOf } = await workerModule("client.ts");
    const env = { CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: site.emulator.url };
    assert.equal(clientOf(env), clientOf({ ...env, ADMIN_PASSWORD: PASSWORD }));
    const other = clientOf({ ...env, CLERK_SECRET_KEY: "sk_test_rotated" });
    assert.notEqual(clientOf(env), other);
  });

  test("retries a revoke, never a create", async () => {
    const { id } = await (await create()).json();
    await site.control.fault({ operation: "revoke", status: 503, times: 2 });
    assert.equal((await revoke(id)).status, 200);
    await site.control.fault({ operation: "create", status: 503 });
    assert.equal((await create()).status, 503);
    assert.equal((await site.control.requests()).length, 5);
  });
});

describe("the package in the page reads as the table says", () => {
  for (const code of Object.keys(ANSWERS) as AnswerCode[])
    test(code, async () => {
      const { status, outcome, sent, message } = ANSWERS[code];
      const { SignInTokens } = await installed();
      const { own } = await workerModule("answers.ts");
      const { body, ...init } = own(code, { meta: { token_id: "sit_1" } });
      const tokens = new SignInTokens({
        secretKey: "sk_test_page",
        apiUrl: "http://127.0.0.1",
        maxRetries: 0,
        fetch: async () => new Response(body, init),
      });
      for (const call of [
        () => tokens.create({ userId: "user_1" }),
        () => tokens.revoke("sit_1"),
      ]) {
        const error = await call().then(
          () => assert.fail("it was not refused"),
          (thrown: SignInTokensError) => thrown,
        );
        assert.deepEqual([error.status, error.outcome], [status, outcome]);
        const said = { code, message, longMessage: message, meta: { tokenId: "sit_1" } };
        assert.deepEqual(error.errors, [said]);
        // Only Clerk says that a token was used or revoked before.
        assert.notEqual(error.status, 400);
        if (!sent) assert.equal(error.outcome, "none", "what was not sent had no effect");
      }
    });
});

test("a deployment that is not configured serves nothing", async () => {
  await using site = await startSite({ CLERK_SECRET_KEY: "" });
  const { get, post, create } = asVisitor(site);
  for (const path of ["/", "/session", "/v1/sign_in_tokens"])
    assert.equal((await get(path)).status, 503);
  assert.equal((await post("/session", { password: "" })).status, 503);
  assert.equal((await create()).status, 503);
});

describe("a configuration", () => {
  const access = (domain: string) => ({ ACCESS_TEAM_DOMAIN: domain, ACCESS_AUD: "audience" });
  const FINE = {
    CLERK_SECRET_KEY: SECRET_KEY,
    ADMIN_PASSWORD: PASSWORD,
    SESSIONS: {},
    LOGIN_ATTEMPTS: {},
    USER_LOOKUPS: {},
  };
  test("that cannot be used has a problem", async () => {
    const { problemWith } = await workerModule("config.ts");
    assert.equal(problemWith(FINE), undefined);
    const noDomain = /^ACCESS_TEAM_DOMAIN must be like https:/;
    const problems: [changes: object, problem: RegExp][] = [
      [{ CLERK_SECRET_KEY: "" }, /CLERK_SECRET_KEY/],
      [{ ADMIN_PASSWORD: "" }, /ADMIN_PASSWORD/],
      [{ ADMIN_PASSWORD: "short" }, /ADMIN_PASSWORD/],
      [{ ...access("t.example"), ACCESS_AUD: "" }, /^set both /],
      [access(""), /^set both /],
      [access("team"), noDomain],
      [access("http://team.cloudflareaccess.com"), noDomain],
      [access("https://"), noDomain],
      [access("a b"), noDomain],
      [{ MAX_LIFETIME_SECONDS: "a week" }, /MAX_LIFETIME/],
      [{ CLERK_API_URL: "http://proxy.internal" }, /CLERK_API_URL/],
    ];
    for (const [changes, problem] of problems)
      assert.match(problemWith({ ...FINE, ...changes }), problem, JSON.stringify(changes));
    const { SESSIONS: _, ...unbound } = FINE;
    assert.match(problemWith(unbound), /^add the binding SESSIONS/);
  });

  test("may have the team's domain as people write it, and no SESSION_SECONDS", async () => {
    const { accessIssuer, sessionSeconds } = await workerModule("config.ts");
    for (const domain of [
      "https://team.cloudflareaccess.com",
      "https://team.cloudflareaccess.com/",
      "https://Team.cloudflareaccess.com/cdn-cgi/access/certs",
      "team.cloudflareaccess.com",
    ])
      assert.equal(accessIssuer(access(domain)), "https://team.cloudflareaccess.com");
    assert.equal(sessionSeconds({}), 8 * 3600);
  });
});
