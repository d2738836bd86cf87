// Tests the history in D1: the Worker writes an entry before each request and completes it after.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { SECRET_KEY } from "../../emulator/server.js";
import { app } from "../support/app.js";
import { PASSWORD, startSite } from "../support/site.js";
import { NOTES, REQUEST_ID, ROUTES } from "../../www/contract.ts";

const RUN = "0b5a4b3c-5f43-4f0e-9c39-6d1f5a4f7a11";
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
const get = (path, query = {}) =>
  fetch(`${site.url}${path}?${new URLSearchParams(query)}`, { headers });
const history = async (query) => (await get(ROUTES.history, query)).json();

/** Returns the entries once they are as expected: an answer does not wait for its record. */
async function until(holds) {
  for (let left = 400; left > 0; left--) {
    const { entries } = await history({ limit: 1000 });
    if (holds(entries)) return entries;
    await sleep(50);
  }
  return assert.fail(JSON.stringify(await history()));
}
const settled = (count) =>
  until((all) => all.length === count && all.every(({ state }) => state !== "sending"));
const states = async (count) => (await settled(count)).map(({ state }) => state);

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
  const token = await (
    await create("user_anna", noted({ reason: "Ticket № 17", runId: RUN, fileName: "März.csv" }))
  ).json();
  await revoke(token.id, noted({ reason: "Wrong user" }));
  const [revoked, created] = await settled(2);
  const { begunAt, id, traceId, ...rest } = created;
  assert.deepEqual(rest, {
    operation: "create",
    state: "revoked",
    actor: "admin",
    reason: "Ticket № 17",
    runId: RUN,
    fileName: "März.csv",
    userId: "user_anna",
    orgId: null,
    tokenId: token.id,
    expiresInSeconds: 600,
    errorCode: null,
    expiresAt: token.created_at + 600_000,
  });
  assert.match(traceId, /-EMU$/);
  assert.ok(id && Math.abs(Date.now() - begunAt) < 60_000);
  assert.deepEqual(
    [revoked.operation, revoked.state, revoked.userId, revoked.tokenId, revoked.reason],
    ["revoke", "revoked", "user_anna", token.id, "Wrong user"],
  );
});

test("never holds a token or a URL", async () => {
  const { token, url } = await (await create("user_anna")).json();
  await create(url);
  await create(token);
  await revoke(token);
  for (const notes of [{ reason: url }, { fileName: url }, { runId: token }])
    assert.equal((await create("user_anna", noted(notes))).status, 422);
  await settled(4);
  const rows = JSON.stringify((await database.prepare("SELECT * FROM history").all()).results);
  for (const secret of [token, token.split(".")[2], url, SECRET_KEY])
    assert.ok(!rows.includes(secret), rows);
});

test("records a request before it is sent", async () => {
  await site.control.fault({ operation: "create", delay: 600_000 });
  const creating = create("user_slow");
  const [{ state, userId }] = await until(({ length }) => length === 1);
  assert.deepEqual([state, userId], ["sending", "user_slow"]);
  await site.control.release();
  await creating;
  assert.deepEqual(await states(1), ["active"]);
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
  const [{ tokenId }] = await settled(1);
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

test("the answer does not wait for the record", async () => {
  // The Worker's own file, with the package beside it.
  const { create } = await import(join(app, "www-database", "worker", "operations.ts"));
  const env = { CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: site.emulator.url };
  const ends = [];
  const ledger = {
    begin: async () => undefined,
    end: (...ended) => new Promise(() => ends.push(ended)),
  };
  const order = { requestId: RUN, input: { userId: "user_anna" }, entry: { operation: "create" } };
  const { answer } = await create(env, ledger, order, () => {});
  assert.equal(answer.status, 200);
  assert.deepEqual(
    ends.map(([id, { outcome, tokenId }]) => [id, outcome, tokenId]),
    [[RUN, "created", JSON.parse(answer.body).id]],
  );
});

test("a record that cannot be completed loses no link, and the log has its token's ID", async () => {
  await database.exec(
    "CREATE TRIGGER full BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'full'); END",
  );
  try {
    const { id, token, url } = await (await create("user_anna")).json();
    while (!site.output().includes(id)) await sleep(50);
    assert.match(site.output(), new RegExp(`could not be completed: created, ${id}`));
    for (const secret of [token, url]) assert.ok(!site.output().includes(secret));
    assert.equal((await history()).entries[0].state, "sending");
  } finally {
    await database.exec("DROP TRIGGER full");
  }
});

describe("records", () => {
  test("failed and unknown creates", async () => {
    await create("nobody");
    await site.control.fault({ drop: "answer", effect: true });
    await create("user_lost");
    await site.control.fault({ status: 503 });
    await create("user_down");
    assert.deepEqual(await states(3), ["unknown", "unknown", "failed"]);
  });

  test("an unfinished entry as unknown", async () => {
    await create("user_anna");
    await settled(1);
    await database.exec(
      "UPDATE history SET outcome = 'sending', begun_at = begun_at - 61000, ended_at = NULL",
    );
    assert.deepEqual(await states(1), ["unknown"]);
  });

  test("a token that was already used or revoked", async () => {
    const { id } = await (await create("user_anna")).json();
    for (let times = 0; times < 2; times++) assert.ok(await revoke(id));
    assert.deepEqual(await states(3), ["not_pending", "revoked", "revoked"]);
    await revoke("sit_none");
    assert.equal((await states(4))[0], "failed");
  });

  test("a token as used or revoked only after Clerk's own 400", async () => {
    const { id } = await (await create("user_anna")).json();
    const errors = [{ code: "x", message: "m", long_message: "l" }];
    let count = 1;
    for (const [answer, state] of [
      [{ status: 400, body: "<h1>Bad request</h1>" }, "unknown"],
      [{ status: 400, body: { errors: [] } }, "failed"],
      [{ status: 402, body: { errors } }, "failed"],
      [{ status: 409, body: { errors } }, "failed"],
      [{ status: 422, body: { errors } }, "failed"],
    ]) {
      await site.control.fault({ operation: "revoke", ...answer });
      assert.notEqual((await revoke(id)).status, 200);
      const all = await states(++count);
      assert.deepEqual([all[0], all.at(-1)], [state, "active"]);
    }
    // The answer to the first attempt is lost, the second attempt gets Clerk's 400.
    await site.control.fault({ operation: "revoke", drop: "answer", effect: true });
    assert.equal((await revoke(id)).status, 400);
    const all = await states(++count);
    assert.deepEqual([all[0], all.at(-1)], ["not_pending", "not_pending"]);
  });
});

describe("with many entries", () => {
  const from = Date.UTC(2026, 0, 1);
  const day = 86_400_000;
  /** 120 links, one a day: two people, two runs, every third revoked, every fifth expired. */
  beforeEach(async () => {
    const add = database.prepare(
      `INSERT INTO history (id, operation, outcome, actor, reason, user_id, token_id, run_id, file_name, begun_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const rows = [];
    for (let n = 0; n < 120; n++) {
      const at = from + n * day;
      const expiresAt = n % 5 === 0 ? at + 1000 : Date.now() + day;
      const more = [n % 2 ? RUN : null, n % 2 ? "march.csv" : null, at, expiresAt];
      const actor = n < 60 ? "anna@example.com" : "bo@example.com";
      const made = [`made-${n}`, "create", "created", actor, `TICKET-${n % 4}`];
      rows.push(add.bind(...made, `user_${n}`, `sit_${n}`, ...more));
      const ended = [`ended-${n}`, "revoke", "revoked", actor, "=HYPERLINK(1)"];
      if (n % 3 === 0) rows.push(add.bind(...ended, null, `sit_${n}`, null, null, at + 1, null));
    }
    await database.batch(rows);
  });
  const ids = async (query) =>
    (await history({ limit: 1000, ...query })).entries.map(({ id }) => id);

  test("filters narrow it down, together too", async () => {
    const made = (holds) =>
      [...Array(120).keys()]
        .filter(holds)
        .map((n) => `made-${n}`)
        .reverse();
    const creates = { operation: "create" };
    const isRevoked = (n) => n % 3 === 0;
    for (const [query, holds] of [
      [{ state: "active" }, (n) => !isRevoked(n) && n % 5 !== 0],
      [{ state: "expired" }, (n) => !isRevoked(n) && n % 5 === 0],
      [{ ...creates, state: "ended" }, isRevoked],
      [{ ...creates, person: "ANNA@" }, (n) => n < 60],
      [{ ...creates, person: "user_7" }, (n) => String(n).startsWith("7")],
      [{ reason: "ticket-3" }, (n) => n % 4 === 3],
      [{ run: RUN }, (n) => n % 2],
      [{ search: "march.csv", state: "" }, (n) => n % 2],
      [{ ...creates, from: from + 5 * day, until: from + 7 * day }, (n) => n === 5 || n === 6],
      [
        { run: RUN, state: "active", person: "bo@", reason: "3" },
        (n) => n > 60 && n % 4 === 3 && n % 3 && n % 5,
      ],
    ]) {
      assert.deepEqual(await ids(query), made(holds), JSON.stringify(query));
    }
    assert.equal((await ids({ state: "ended" })).length, 80);
    assert.deepEqual(await ids({ state: "failed" }), []);
    for (const query of [{ colour: "red" }, { from: "yesterday" }, { limit: "-1" }]) {
      const refused = await get(ROUTES.history, query);
      assert.deepEqual(
        [refused.status, (await refused.json()).errors[0].code],
        [422, "invalid_query"],
      );
    }
  });

  test("pages keep their place while entries are added, and can be read again at once", async () => {
    const first = await history();
    await create("user_new");
    const second = await history({ before: first.next });
    await revoke("sit_1");
    const rest = await history({ before: second.next, limit: 100 });
    assert.deepEqual(
      [first, second, rest].map(({ entries }) => entries.length),
      [50, 50, 60],
    );
    assert.equal(rest.next, null);
    const read = [first, second, rest].flatMap(({ entries }) => entries.map(({ id }) => id));
    assert.equal(new Set(read).size, 160);
    assert.deepEqual((await ids()).slice(2), read);
  });

  test("the links that match and are active are counted, and listed in pages", async () => {
    const query = { run: RUN, person: "anna@", limit: 9 };
    const first = await (await get(ROUTES.tokens, query)).json();
    const expected = [...Array(60).keys()].filter((n) => n % 2 && n % 3 && n % 5).reverse();
    assert.equal(first.count, expected.length);
    const rest = await (await get(ROUTES.tokens, { ...query, before: first.next })).json();
    assert.deepEqual([rest.count, rest.next], [expected.length, null]);
    assert.deepEqual(
      [...first.tokens, ...rest.tokens],
      expected.map((n) => ({ tokenId: `sit_${n}`, userId: `user_${n}` })),
    );
  });

  test("all that match are downloaded as CSV, without formulas", async () => {
    await database.exec(
      "INSERT INTO history (id, operation, outcome, actor, begun_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2100) SELECT 'more-' || i, 'create', 'failed', 'admin', i FROM n",
    );
    const all = await get(ROUTES.csv);
    assert.match(all.headers.get("content-disposition"), /^attachment; filename=".*\.csv"$/);
    const bytes = Buffer.from(await all.arrayBuffer());
    const lines = bytes.toString().split("\r\n");
    assert.match(lines[0], /^\uFEFFbegunAt,actor,operation,state,userId,/);
    assert.equal(lines.length, 1 + 2260 + 1);
    assert.equal(new Set(lines.map((line) => line.split(",").at(-1))).size, 2262);
    const some = await (await get(ROUTES.csv, { search: "sit_118", state: "active" })).text();
    assert.match(
      some,
      /\r\n2026-04-29T00:00:00.000Z,bo@example.com,create,active,user_118,,sit_118,TICKET-2,/,
    );
    const [, revoked] = (await (await get(ROUTES.csv, { operation: "revoke" })).text()).split(
      "\r\n",
    );
    assert.match(revoked, /,user_117,,sit_117,"'=HYPERLINK\(1\)",/);
  });
});

test("is visible to admins only", async () => {
  for (const path of [ROUTES.history, ROUTES.tokens, ROUTES.csv])
    assert.equal((await fetch(`${site.url}${path}`)).status, 401);
});
