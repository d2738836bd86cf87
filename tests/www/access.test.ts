// Tests whom the Worker of the admin page lets in behind Cloudflare Access.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { generateKeyPair } from "jose";

import { app } from "../support/app.ts";
import { type Access, type Site, startAccess, startSite } from "../support/site.ts";
import { REQUEST_ID } from "../../www/contract.ts";
import { codeOf } from "./as-admin.ts";

let site: Site;
let access: Access;

const post = (path: string, headers?: Record<string, string>) =>
  fetch(`${site.url}${path}`, {
    method: "POST",
    headers: { origin: site.url, [REQUEST_ID]: crypto.randomUUID(), ...headers },
    body: JSON.stringify({ user_id: "user_1" }),
  });
const enter = async (...args: Parameters<Access["jwt"]>) =>
  post("/v1/sign_in_tokens", { "cf-access-jwt-assertion": await access.jwt(...args) });

before(async () => {
  access = await startAccess();
  // As somebody may copy it from a browser.
  const domain = `${access.vars.ACCESS_TEAM_DOMAIN}/`;
  site = await startSite({ ...access.vars, ACCESS_TEAM_DOMAIN: domain }, { database: false });
});
beforeEach(() => site.control.reset());
after(async () => {
  await site.stop();
  access.stop();
});

test("while its keys cannot be read, says so, and sends nothing", async () => {
  for (const answer of [503, "not JSON", "{}"]) {
    access.answer = answer;
    assert.equal(await codeOf(await enter()), "access_unavailable");
    const session = await fetch(`${site.url}/session`, {
      headers: { "cf-access-jwt-assertion": await access.jwt() },
    });
    assert.equal(await codeOf(session), "access_unavailable");
  }
  assert.equal(await codeOf(await post("/v1/sign_in_tokens")), "access_required");
  assert.deepEqual(await site.control.requests(), []);
  access.answer = undefined;
  assert.equal((await enter()).status, 200);
});

test("accepts admins from Cloudflare Access only", async () => {
  const other = await generateKeyPair("RS256");
  assert.equal((await enter()).status, 200);
  for (const refused of [
    await enter({}, other.privateKey),
    await enter({ aud: "other" }),
    await enter({ iss: "https://evil.example" }),
    await post("/v1/sign_in_tokens", { "cf-access-jwt-assertion": "a.b.c" }),
    await post("/v1/sign_in_tokens"),
    // Without a password there is none to guess, and no session to name.
    await post("/session"),
    await post("/v1/sign_in_tokens", { cookie: "session=access admin@example.com" }),
  ])
    assert.equal(await codeOf(refused), "access_required");
  assert.equal((await site.control.requests()).length, 1);
});

test("tells a user's requests from another's with the same ID", async () => {
  const id = crypto.randomUUID();
  const send = async (email: string) => {
    const headers = { "cf-access-jwt-assertion": await access.jwt({ email }), [REQUEST_ID]: id };
    return (await post("/v1/sign_in_tokens", headers)).json();
  };
  const first = await send("anna@example.com");
  assert.deepEqual(await send("anna@example.com"), first);
  assert.notEqual((await send("bo@example.com")).id, first.id);
  assert.equal((await site.control.tokens()).length, 2);
});

test("takes the team's domain as people write it", async () => {
  // The Worker's own file, where the package is installed.
  const { accessIssuer } = await import(join(app, "www-tab", "worker", "config.ts"));
  for (const domain of [
    "https://team.cloudflareaccess.com",
    "https://team.cloudflareaccess.com/",
    "https://Team.cloudflareaccess.com/cdn-cgi/access/certs",
    "team.cloudflareaccess.com",
  ])
    assert.equal(accessIssuer({ ACCESS_TEAM_DOMAIN: domain }), "https://team.cloudflareaccess.com");
});
