// Tests the history in D1: the Worker writes an entry before each request and completes it after.
// It is read in pages, by filters, as links that can be revoked, as CSV.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { D1Database } from "@cloudflare/workers-types";

import { SECRET_KEY } from "../../emulator/server.ts";
import { useSite } from "../support/site.ts";
import { type HistoryPage, ROUTES } from "../../www/contract.ts";
import { asAdmin, codeOf, noted, type Query, until, workerModule } from "./as-admin.ts";
import { refusal } from "./on-page.ts";

const RUN = "0b5a4b3c-5f43-4f0e-9c39-6d1f5a4f7a11";
const site = await useSite();
const { get, create, revoke } = await asAdmin(site);
const database: D1Database = await site.worker.miniflare.getD1Database("DB");

const history = async (query?: Query): Promise<HistoryPage> =>
  (await get(ROUTES.history, query)).json();

const entries = async () => (await history({ limit: 1000 })).entries;
const settled = () => until(entries, (all) => all.every(({ state }) => state !== "sending"));
const states = async () => (await settled()).map(({ state }) => state);

beforeEach(() => database.exec("DELETE FROM history"));

test("records who, what, for whom, why, and the outcome", async () => {
  const token = await (
    await create("user_anna", noted({ reason: "Ticket № 17", runId: RUN, fileName: "März.csv" }))
  ).json();
  await revoke(token.id, noted({ reason: "Wrong user" }));
  const [revoked, created] = await settled();
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
  assert.match(traceId ?? "", /-EMU$/);
  assert.ok(id && Math.abs(Date.now() - begunAt) < 60_000);
  assert.deepEqual(
    [revoked.operation, revoked.state, revoked.userId, revoked.tokenId, revoked.reason],
    ["revoke", "revoked", "user_anna", token.id, "Wrong user"],
  );
});

test("never contains a token or a URL", async () => {
  const { token, url } = await (await create("user_anna")).json();
  await create(url);
  await create(token);
  await revoke(token);
  for (const notes of [{ reason: url }, { fileName: url }, { runId: token }])
    assert.equal((await create("user_anna", noted(notes))).status, 422);
  await settled();
  const rows = JSON.stringify((await database.prepare("SELECT * FROM history").all()).results);
  for (const secret of [token, token.split(".")[2], url, SECRET_KEY])
    assert.ok(!rows.includes(secret), rows);
});

test("records a request before it is sent", async () => {
  await site.control.fault({ operation: "create", delay: 600_000 });
  const creating = create("user_slow");
  const [{ state, userId }] = await until(entries, ({ length }) => length === 1);
  assert.deepEqual([state, userId], ["sending", "user_slow"]);
  await site.control.release();
  await creating;
  assert.deepEqual(await states(), ["active"]);
});

test("records the outcome after the browser disconnects", async () => {
  await site.control.fault({ operation: "create", delay: 600_000 });
  const browser = new AbortController();
  const creating = create("user_gone", {}, { signal: browser.signal });
  await until(entries, ({ length }) => length === 1);
  browser.abort();
  await assert.rejects(creating);
  // The Worker may hear of it a moment later.
  await sleep(500);
  await site.control.release();
  const [{ tokenId }] = await settled();
  assert.equal(tokenId, (await site.control.tokens())[0].id);
});

test("the answer does not wait for the record", { timeout: 20_000 }, async () => {
  const { create } = await workerModule("operations.ts");
  const env = { CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: site.emulator.url };
  const ends: [string, { outcome: string; tokenId?: string }][] = [];
  const ledger = {
    begin: async () => undefined,
    end: (...ended: (typeof ends)[number]) => new Promise(() => ends.push(ended)),
  };
  const order = { requestId: RUN, input: { userId: "user_anna" }, entry: { operation: "create" } };
  const { answer } = await create(env, ledger, order, () => {});
  assert.equal(answer.status, 200);
  assert.deepEqual(
    ends.map(([id, { outcome, tokenId }]) => [id, outcome, tokenId]),
    [[RUN, "created", JSON.parse(answer.body).id]],
  );
});

test("a record that cannot be completed loses no link, and the log names its token", async () => {
  await database.exec(
    "CREATE TRIGGER full BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'full'); END",
  );
  try {
    const { id, token, url } = await (await create("user_anna")).json();
    const output = await until(site.output, (text) => text.includes(id));
    assert.match(output, new RegExp(`could not be completed: created, ${id}`));
    for (const secret of [token, url]) assert.ok(!output.includes(secret));
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
    assert.deepEqual(await states(), ["unknown", "unknown", "failed"]);
  });

  test("an unfinished entry as unknown", async () => {
    await create("user_anna");
    await settled();
    await database.exec(
      "UPDATE history SET outcome = 'sending', begun_at = begun_at - 61000, ended_at = NULL",
    );
    assert.deepEqual(await states(), ["unknown"]);
  });

  test("a token that was already used or revoked", async () => {
    const { id } = await (await create("user_anna")).json();
    for (let times = 0; times < 2; times++) assert.ok(await revoke(id));
    assert.deepEqual(await states(), ["not_pending", "revoked", "revoked"]);
    await revoke("sit_none");
    assert.equal((await states())[0], "failed");
  });

  test("a token as used or revoked only after Clerk's own 400", async () => {
    const { id } = await (await create("user_anna")).json();
    const refused = refusal("l");
    for (const [status, body, state] of [
      [400, "<h1>Bad request</h1>", "unknown"],
      [400, { errors: [] }, "failed"],
      [402, refused, "failed"],
      [409, refused, "failed"],
      [422, refused, "failed"],
    ] as const) {
      await site.control.fault({ operation: "revoke", status, body });
      assert.notEqual((await revoke(id)).status, 200);
      const all = await states();
      assert.deepEqual([all[0], all.at(-1)], [state, "active"]);
    }
    // The answer to the first attempt is lost, the second attempt gets Clerk's 400.
    await site.control.fault({ operation: "revoke", drop: "answer", effect: true });
    assert.equal((await revoke(id)).status, 400);
    const all = await states();
    assert.deepEqual([all[0], all.at(-1)], ["not_pending", "not_pending"]);
  });
});

describe("a history of 120 links", () => {
  const from = Date.UTC(2026, 0, 1);
  const day = 86_400_000;

  /** 120 links, one a day: two people, two runs, every third revoked, every fifth expired. */
  beforeEach(async () => {
    const add = database.prepare(
      `INSERT INTO history (id, operation, outcome, actor, reason, user_id, token_id, run_id,
         file_name, begun_at, expires_at)
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

  const ids = async (query: Query = {}) =>
    (await history({ limit: 1000, ...query })).entries.map(({ id }) => id);

  test("filters narrow it down, together too", async () => {
    const made = (isMatch: (n: number) => unknown) =>
      [...Array(120).keys()]
        .filter(isMatch)
        .map((n) => `made-${n}`)
        .reverse();
    const creates = { operation: "create" };
    const isRevoked = (n: number) => n % 3 === 0;
    const rows: [Query, (n: number) => unknown][] = [
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
    ];
    for (const [query, isMatch] of rows)
      assert.deepEqual(await ids(query), made(isMatch), JSON.stringify(query));
    assert.equal((await ids({ state: "ended" })).length, 80);
    assert.deepEqual(await ids({ state: "failed" }), []);
    const refused: Query[] = [{ colour: "red" }, { from: "yesterday" }, { limit: "-1" }];
    for (const query of refused)
      assert.equal(await codeOf(await get(ROUTES.history, query)), "invalid_query");
  });

  test("pages keep their place while entries are added, and are read again at once", async () => {
    const first = await history();
    await create("user_new");
    const second = await history({ before: first.next ?? "" });
    await revoke("sit_1");
    const rest = await history({ before: second.next ?? "", limit: 100 });
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
    const rest = await (await get(ROUTES.tokens, { ...query, before: first.next ?? "" })).json();
    assert.deepEqual([rest.count, rest.next], [undefined, null]);
    assert.deepEqual(
      [...first.tokens, ...rest.tokens],
      expected.map((n) => ({ tokenId: `sit_${n}`, userId: `user_${n}` })),
    );
  });

  test("all that match are downloaded as CSV, without formulas", async () => {
    const more = database.prepare(
      `INSERT INTO history (id, operation, outcome, actor, begun_at)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2100)
       SELECT 'more-' || i, 'create', 'failed', 'admin', i FROM n`,
    );
    await more.run();
    const all = await get(ROUTES.csv);
    assert.match(all.headers.get("content-disposition") ?? "", /^attachment; filename=".*\.csv"$/);
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
