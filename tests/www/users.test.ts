// Tests the search for users.
import assert from "node:assert/strict";
import { test } from "node:test";

import type { Fault } from "../../emulator/faults.ts";
import { startSite, useSite } from "../support/site.ts";
import { type AnswerCode, type FoundUser, ROUTES } from "../../www/contract.ts";
import { asAdmin, codeOf, withinMinute } from "./as-admin.ts";
import { USER } from "./on-page.ts";

const site = await useSite();
const admin = await asAdmin(site);

const search = (query: unknown, { post } = admin) => post(ROUTES.users, { query });
const found = async (query: string): Promise<FoundUser[]> =>
  (await (await search(query)).json()).users;

test("finds users by address, name or ID, and tells no more than that", async () => {
  const anna = { id: USER, name: "Anna Lindqvist", email: "anna.lindqvist@example.com" };
  for (const query of ["anna.lindqvist@example.com", "LINDQVIST", USER, ` ${USER} `])
    assert.deepEqual(await found(query), [anna]);
  assert.equal((await found("anna"))[1].name, "Anna Lindquist");
  assert.equal((await found("example")).length, 5);
  assert.deepEqual(await found("nobody@example.com"), []);
  const [{ name, email }] = await found("billing@");
  assert.deepEqual([name, email], ["", "billing@example.com"]);
});

test("shows the address that was searched for, or else the primary one", async () => {
  const email_addresses = ["old@example.com", "new@example.com"].map((email_address, at) => ({
    id: `idn_${at}`,
    email_address,
  }));
  const user = { id: USER, first_name: "Anna", last_name: null, username: null, email_addresses };
  const body = [{ ...user, primary_email_address_id: "idn_1" }];
  await site.control.fault({ operation: "users", body, times: 2 });
  assert.equal((await found("OLD@example"))[0].email, "old@example.com");
  assert.equal((await found("Anna"))[0].email, "new@example.com");
});

test("is recorded nowhere", async () => {
  await found("anna.lindqvist@example.com");
  const database = await site.worker.miniflare.getD1Database("DB");
  assert.deepEqual((await database.prepare("SELECT * FROM history").all()).results, []);
  assert.ok(!site.output().includes("lindqvist"));
  const [{ url, method }] = await site.control.requests();
  assert.deepEqual([method, url], ["GET", "/v1/users?query=anna.lindqvist%40example.com&limit=5"]);
  const inAddress = await admin.get(ROUTES.users, { query: "anna" });
  assert.equal(inAddress.status, 404, "an address is logged in many places");
});

test("says why there is no answer", async () => {
  const answers: [Partial<Fault>, AnswerCode][] = [
    [{ status: 401, body: { errors: [] } }, "secret_key_refused"],
    [{ status: 429, headers: { "retry-after": "7" } }, "too_many_lookups"],
    [{ status: 500, body: "<h1>Oh</h1>" }, "lookup_failed"],
    [{ status: 200, body: "<h1>Oh</h1>" }, "lookup_failed"],
    [{ status: 404, body: { errors: [] } }, "lookup_failed"],
    [{ status: 302, headers: { location: `${site.emulator.url}/v1/users` } }, "lookup_failed"],
    [{ drop: "body", body: [] }, "lookup_failed"],
  ];
  for (const [fault, code] of answers) {
    await site.control.fault({ operation: "users", ...fault });
    assert.equal(await codeOf(await search("anna")), code);
  }
  for (const query of ["", "  ", "x".repeat(201), undefined, ["anna"]])
    assert.equal(await codeOf(await search(query)), "invalid_query");
  assert.equal((await site.control.requests()).length, answers.length);
});

test("60 searches a minute for each login", async () => {
  const statuses = await withinMinute(async () => {
    const admin = await asAdmin(site);
    const statuses = [];
    for (let n = 0; n < 61; n++) statuses.push((await search("anna", admin)).status);
    return statuses;
  });
  assert.deepEqual(statuses, [...Array(60).fill(200), 429]);
  assert.equal((await search("anna", await asAdmin(site))).status, 200);
});

test("can be turned off", async () => {
  await using off = await startSite({ USER_LOOKUP: "off" });
  const withoutLookup = await asAdmin(off);
  const session = async ({ get } = admin) => (await (await get(ROUTES.session)).json()).userLookup;
  assert.deepEqual([await session(withoutLookup), await session()], [false, true]);
  assert.equal(await codeOf(await search("anna", withoutLookup)), "lookup_off");
  assert.deepEqual(await off.control.requests(), []);
});
