// Tests whom the Worker of the admin page lets in behind Cloudflare Access.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { generateKeyPair } from "jose";

import { REQUEST_ID } from "../../www/contract.ts";
import { startAccess, useSite } from "../support/site.ts";
import { asVisitor, codeOf } from "./as-admin.ts";

const access = await startAccess();
after(() => access[Symbol.dispose]());
// As somebody may copy it from a browser.
const domain = `${access.vars.ACCESS_TEAM_DOMAIN}/`;
const site = await useSite({ ...access.vars, ACCESS_TEAM_DOMAIN: domain }, { database: false });

const { post, create } = asVisitor(site);
const asserted = async (...args: Parameters<typeof access.jwt>) => ({
  "cf-access-jwt-assertion": await access.jwt(...args),
});
const enter = async (...args: Parameters<typeof access.jwt>) =>
  create("user_1", await asserted(...args));

test("while its keys cannot be read, says so, and sends nothing", async () => {
  for (const answer of [503, "not JSON", "{}"]) {
    access.answer = answer;
    assert.equal(await codeOf(await enter()), "access_unavailable");
    const session = asVisitor(site, await asserted()).get("/session");
    assert.equal(await codeOf(await session), "access_unavailable");
  }
  assert.equal(await codeOf(await create()), "access_required");
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
    await create("user_1", { "cf-access-jwt-assertion": "a.b.c" }),
    await create(),
    // Without a password there is none to guess, and no session to name.
    await post("/session", { password: "" }),
    await create("user_1", { cookie: "session=access admin@example.com" }),
  ])
    assert.equal(await codeOf(refused), "access_required");
  assert.equal((await site.control.requests()).length, 1);
});

test("tells a user's requests from another's with the same ID", async () => {
  const id = { [REQUEST_ID]: crypto.randomUUID() };
  const send = async (email: string) =>
    (await create("user_1", { ...id, ...(await asserted({ email })) })).json();
  const first = await send("anna@example.com");
  assert.deepEqual(await send("anna@example.com"), first);
  assert.notEqual((await send("bo@example.com")).id, first.id);
  assert.equal((await site.control.tokens()).length, 2);
});
