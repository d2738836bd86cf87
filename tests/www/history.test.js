// Tests the history in D1: the Worker writes an entry before each request and completes it after.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { SECRET_KEY } from "../../emulator/server.js";
import { PASSWORD, startSite } from "../support/site.js";
import { NOTES, REQUEST_ID } from "../../www/contract.ts";

let site, headers, database;

const post = (path, body, more, init) =>
  fetch(`${site.url}${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { ...headers, [REQUEST_ID]: crypto.randomUUID(), ...more },
    ...init,
  });
const noted = (notes) => ({ [NOTES]: String(new URLSearchParams(notes)) });
const create = (userId, more, init) =>
  post("/v1/sign_in_tokens", { user_id: userId, expires_in_seconds: 600 }, more, init);
const revoke = (id, more) => post(`/v1/sign_in_tokens/${id}/revoke`, {}, more);
const history = async (query = "") =>
  (await fetch(`${site.url}/history${query}`, { headers })).json();

async function until(holds) {
  for (let left = 400; left > 0; left--) {
    const { entries } = await history();
    if (holds(entries)) return entries;
    await sleep(50);
  }
  return assert.fail(JSON.stringify(await history()));
}

before(async () => {
  site = await startSite();
  headers = { origin: site.url };
  const login = await post("/session", { password: PASSWORD });
  headers.cookie = login.headers.get("set-cookie").split(";")[0];
  database = await site.worker.miniflare.getD1Database("DB");
});
beforeEach(async () => {
  await site.control.reset();
  await database.exec("DELETE FROM history");
});
after(() => site.stop());

test("records who, what, for whom, why, and the outcome", async () => {
  const token = await (await create("user_anna", noted({ reason: "Ticket № 17" }))).json();
  await revoke(token.id);
  const { entries, next } = await history();
  assert.equal(next, null);
  const [revoked, created] = entries;
  const { begunAt, id, traceId, ...rest } = created;
  assert.deepEqual(rest, {
    operation: "create",
    outcome: "created",
    actor: "admin",
    reason: "Ticket № 17",
    userId: "user_anna",
    orgId: null,
    tokenId: token.id,
    expiresInSeconds: 600,
    errorCode: null,
    expiresAt: token.created_at + 600_000,
    ended: "revoked",
  });
  assert.match(traceId, /-EMU$/);
  assert.ok(id && Math.abs(Date.now() - begunAt) < 60_000);
  assert.deepEqual(
    [revoked.operation, revoked.outcome, revoked.userId, revoked.tokenId],
    ["revoke", "revoked", "user_anna", token.id],
  );
});

test("never holds a token or a URL", async () => {
  const { token, url } = await (await create("user_anna")).json();
  await create(url);
  await create(token);
  await revoke(token);
  const refused = await create("user_anna", noted({ reason: url }));
  assert.equal(refused.status, 422);
  const rows = JSON.stringify((await database.prepare("SELECT * FROM history").all()).results);
  for (const secret of [token, token.split(".")[2], url, SECRET_KEY])
    assert.ok(!rows.includes(secret), rows);
});

test("records a request before it is sent", async () => {
  await site.control.fault({ operation: "create", delay: 600_000 });
  const creating = create("user_slow");
  const [{ outcome, userId }] = await until(({ length }) => length === 1);
  assert.deepEqual([outcome, userId], ["sending", "user_slow"]);
  await site.control.release();
  await creating;
  assert.equal((await history()).entries[0].outcome, "created");
});

test("records the outcome after the browser disconnects", async () => {
  await site.control.fault({ operation: "create", delay: 600_000 });
  const browser = new AbortController();
  const creating = create("user_gone", {}, { signal: browser.signal });
  await until(({ length }) => length === 1);
  browser.abort();
  await assert.rejects(creating);
  // The Worker may hear of it a moment later.
  await sleep(500);
  await site.control.release();
  const [{ tokenId }] = await until(([{ outcome }]) => outcome === "created");
  assert.equal(tokenId, (await site.control.tokens())[0].id);
});

test("nothing is sent without a record", async () => {
  await database.exec("ALTER TABLE history RENAME TO away");
  try {
    const response = await create("user_anna");
    assert.deepEqual(
      [response.status, (await response.json()).errors[0].code],
      [424, "history_unavailable"],
    );
    assert.equal((await site.control.requests()).length, 0);
  } finally {
    await database.exec("ALTER TABLE away RENAME TO history");
  }
});

describe("records", () => {
  const outcomes = async () => (await history()).entries.map(({ outcome }) => outcome);

  test("failed and unknown creates", async () => {
    await create("nobody");
    await site.control.fault({ drop: "answer", effect: true });
    await create("user_lost");
    await site.control.fault({ status: 503 });
    await create("user_down");
    assert.deepEqual(await outcomes(), ["unknown", "unknown", "failed"]);
  });

  test("an unfinished entry as unknown", async () => {
    await create("user_anna");
    await database.exec(
      "UPDATE history SET outcome = 'sending', begun_at = begun_at - 61000, ended_at = NULL",
    );
    assert.deepEqual(await outcomes(), ["unknown"]);
  });

  test("a token that was already used or revoked", async () => {
    const { id } = await (await create("user_anna")).json();
    await revoke(id);
    await revoke(id);
    assert.deepEqual(await outcomes(), ["not_pending", "revoked", "created"]);
    await revoke("sit_none");
    assert.equal((await outcomes())[0], "failed");
  });

  test("a token as used or revoked only after Clerk's own 400", async () => {
    const { id } = await (await create("user_anna")).json();
    const errors = [{ code: "x", message: "m", long_message: "l" }];
    for (const [answer, outcome] of [
      [{ status: 400, body: "<h1>Bad request</h1>" }, "unknown"],
      [{ status: 400, body: { errors: [] } }, "failed"],
      [{ status: 402, body: { errors } }, "failed"],
      [{ status: 409, body: { errors } }, "failed"],
      [{ status: 422, body: { errors } }, "failed"],
    ]) {
      await site.control.fault({ operation: "revoke", ...answer });
      assert.notEqual((await revoke(id)).status, 200);
      const { entries } = await history();
      assert.deepEqual([entries[0].outcome, entries.at(-1).ended], [outcome, null]);
    }
    // The answer to the first attempt is lost, the second attempt gets Clerk's 400.
    await site.control.fault({ operation: "revoke", drop: "answer", effect: true });
    assert.equal((await revoke(id)).status, 400);
    const { entries } = await history();
    assert.deepEqual([entries[0].outcome, entries.at(-1).ended], ["not_pending", "not_pending"]);
  });
});

test("is filtered and paged", async () => {
  for (let n = 0; n < 60; n++) await create(`user_${n}`, noted({ reason: `TICKET-${n % 2}` }));
  await create("nobody", noted({ reason: "TICKET-1" }));
  const first = await history("?search=ticket-1");
  assert.equal(first.entries.length, 31);
  assert.equal((await history("?search=ticket-1&outcome=failed")).entries.length, 1);
  const newest = await history();
  const rest = await history(`?before=${newest.next}`);
  assert.deepEqual([newest.entries.length, rest.entries.length, rest.next], [50, 11, null]);
  const ids = [...newest.entries, ...rest.entries].map(({ id }) => id);
  assert.equal(new Set(ids).size, 61);
});

test("is visible to admins only", async () => {
  const response = await fetch(`${site.url}/history`);
  assert.equal(response.status, 401);
});
