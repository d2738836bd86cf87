// The edge function behind the admin page: whom it lets in, and what it lets out.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, describe, test } from "node:test";

import { exportJWK, generateKeyPair, SignJWT } from "jose";

import { SECRET_KEY } from "../../emulator/server.js";
import { PASSWORD, startSite } from "../support/site.js";

let site;

const post = (path, body, headers = {}) =>
  fetch(`${site.url}${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { origin: site.url, ...headers },
  });
const create = (headers) => post("/v1/sign_in_tokens", { user_id: "user_1" }, headers);
const code = async (response) => [response.status, (await response.json()).errors[0].code];

async function cookie() {
  const response = await post("/session", { password: PASSWORD });
  return response.headers.get("set-cookie").split(";")[0];
}

describe("with a password", () => {
  let session;
  before(async () => {
    site = await startSite();
    session = await cookie();
  });
  beforeEach(() => site.control.reset());
  after(() => site.stop());

  test("the cookie cannot be read by scripts, nor sent by other sites", async () => {
    const setCookie = (await post("/session", { password: PASSWORD })).headers.get("set-cookie");
    assert.match(
      setCookie,
      /^session=\d+\.[^;]+; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    assert.ok(!setCookie.includes(PASSWORD));
  });

  test("nobody else gets in", async () => {
    const expired = `session=${Date.now() - 1}.${session.split(".")[1]}`;
    const later = `session=${Date.now() + 1e9}.${session.split(".")[1]}`;
    for (const headers of [
      {},
      { cookie: "session=1" },
      { cookie: expired },
      { cookie: later },
      { authorization: `Bearer ${SECRET_KEY}` },
    ]) {
      assert.deepEqual(await code(await create(headers)), [401, "session_required"]);
    }
    for (const body of [{ password: "" }, { password: [PASSWORD] }, {}, null, []]) {
      assert.deepEqual(
        await code(await post("/session", body, { "cf-connecting-ip": "192.0.2.1" })),
        [401, "wrong_password"],
      );
    }
    assert.equal((await site.control.requests()).length, 0);
  });

  test("guessing is slowed down", async () => {
    const statuses = [];
    for (let n = 0; n < 12; n++) {
      statuses.push(
        (await post("/session", { password: "guess" }, { "cf-connecting-ip": "192.0.2.2" })).status,
      );
    }
    assert.equal(statuses.at(-1), 429);
  });

  test("other sites are refused, with or without the cookie", async () => {
    const elsewhere = { cookie: session, origin: "https://evil.example" };
    assert.deepEqual(await code(await create(elsewhere)), [403, "cross_site"]);
    assert.deepEqual(await code(await create({ ...elsewhere, "sec-fetch-site": "cross-site" })), [
      403,
      "cross_site",
    ]);
    assert.deepEqual(await code(await create({ cookie: session, "sec-fetch-site": "same-site" })), [
      403,
      "cross_site",
    ]);
    assert.equal((await site.control.requests()).length, 0);
  });

  test("nothing but the two operations is done", async () => {
    const headers = { cookie: session };
    for (const path of [
      "/v1/users",
      "/v1/sign_in_tokens/x",
      "/v1/sign_in_tokens/x/revoke/y",
      "/v1/sign_in_tokens/%2e%2e/revoke",
    ]) {
      assert.ok((await post(path, {}, headers)).status >= 400, path);
    }
    assert.equal((await fetch(`${site.url}/v1/sign_in_tokens`, { headers })).status, 404);
    assert.equal((await site.control.requests()).length, 0);
    const { id } = await (await create(headers)).json();
    const revoked = await (await post(`/v1/sign_in_tokens/${id}/revoke`, {}, headers)).json();
    assert.equal(revoked.status, "revoked");
  });

  test("Clerk's answers come through, without what else is in them", async () => {
    const headers = { cookie: session };
    await site.control.fault({
      status: 429,
      headers: { "retry-after": "7", "set-cookie": "a=b" },
      body: { errors: [] },
    });
    const limited = await create(headers);
    assert.deepEqual(
      [limited.status, limited.headers.get("retry-after"), limited.headers.get("set-cookie")],
      [429, "7", null],
    );
    // A refused key is no matter of the admin's session.
    await site.control.fault({
      status: 401,
      body: {
        errors: [{ code: "authentication_invalid", message: "m", long_message: SECRET_KEY }],
      },
    });
    assert.deepEqual(await code(await create(headers)), [403, "secret_key_refused"]);
    await site.control.fault({ drop: "answer" });
    assert.deepEqual(await code(await create(headers)), [502, "network"]);
    await site.control.fault({ status: 302, headers: { location: "https://evil.example" } });
    assert.deepEqual(await code(await create(headers)), [502, "invalid_response"]);
    assert.deepEqual(await code(await post("/v1/sign_in_tokens", null, headers)), [
      422,
      "invalid_argument",
    ]);
    assert.deepEqual(
      await code(await post("/v1/sign_in_tokens", { user_id: "x".repeat(20_000) }, headers)),
      [413, "too_large"],
    );
  });

  test("every answer is guarded", async () => {
    for (const response of [
      await fetch(site.url),
      await fetch(`${site.url}/nothing`),
      await create({}),
      await create({ cookie: session }),
    ]) {
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(response.headers.get("referrer-policy"), "no-referrer");
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      assert.match(
        response.headers.get("content-security-policy"),
        /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
      );
      assert.ok(!(await response.text()).includes(SECRET_KEY));
    }
  });

  test("a logout takes the cookie away", async () => {
    const response = await fetch(`${site.url}/session`, {
      method: "DELETE",
      headers: { origin: site.url, cookie: session },
    });
    assert.match(response.headers.get("set-cookie"), /^session=; Max-Age=0/);
  });
});

for (const [what, vars] of [
  ["no admin secret", { ADMIN_PASSWORD: "" }],
  ["a short password", { ADMIN_PASSWORD: "short" }],
  ["no secret key", { CLERK_SECRET_KEY: "" }],
]) {
  test(`${what}: nothing is served`, async () => {
    site = await startSite(vars);
    try {
      for (const path of ["/", "/session", "/v1/sign_in_tokens"])
        assert.equal((await fetch(`${site.url}${path}`)).status, 503);
      assert.equal((await post("/session", { password: "" })).status, 503);
      assert.equal((await create({})).status, 503);
    } finally {
      await site.stop();
    }
  });
}

test("Cloudflare Access vouches for admins, and nobody in its place", async () => {
  const [{ publicKey, privateKey }, other] = await Promise.all([
    generateKeyPair("RS256"),
    generateKeyPair("RS256"),
  ]);
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" }] };
  const team = createServer((_, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify(keys)),
  );
  await new Promise((resolve) => team.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${team.address().port}`;
  site = await startSite({
    ADMIN_PASSWORD: "",
    ACCESS_TEAM_DOMAIN: issuer,
    ACCESS_AUD: "audience",
  });
  const jwt = (key, claims) =>
    new SignJWT({ email: "admin@example.com", iss: issuer, aud: "audience", ...claims })
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setExpirationTime("1m")
      .sign(key);
  const enter = async (...args) =>
    (await create({ "cf-access-jwt-assertion": await jwt(...args) })).status;
  try {
    assert.equal(await enter(privateKey), 200);
    assert.deepEqual(
      [
        await enter(other.privateKey),
        await enter(privateKey, { aud: "other" }),
        await enter(privateKey, { iss: "https://evil.example" }),
      ],
      [401, 401, 401],
    );
    assert.equal((await create({})).status, 401);
    assert.equal(
      (await post("/session", { password: "" })).status,
      401,
      "without a password there is none to guess",
    );
  } finally {
    await site.stop();
    team.close();
  }
});
