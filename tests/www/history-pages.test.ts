// Tests how the history in D1 is read: filters, pages, what can be revoked, CSV.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import type { D1Database } from "@cloudflare/workers-types";

import { useSite } from "../support/site.ts";
import { type HistoryPage, ROUTES } from "../../www/contract.ts";
import { codeOf, type Query, asAdmin } from "./as-admin.ts";

const RUN = "0b5a4b3c-5f43-4f0e-9c39-6d1f5a4f7a11";
const from = Date.UTC(2026, 0, 1);
const day = 86_400_000;
const site = await useSite();
const admin = await asAdmin(site);
const database: D1Database = await site.worker.miniflare.getD1Database("DB");

/** 120 links, one a day: two people, two runs, every third revoked, every fifth expired. */
beforeEach(async () => {
  await database.exec("DELETE FROM history");
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

const history = async (query: Query = {}): Promise<HistoryPage> =>
  (await admin.get(ROUTES.history, query)).json();
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
    assert.equal(await codeOf(await admin.get(ROUTES.history, query)), "invalid_query");
});

test("pages keep their place while entries are added, and can be read again at once", async () => {
  const first = await history();
  await admin.create("user_new");
  const second = await history({ before: first.next ?? "" });
  await admin.revoke("sit_1");
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
  const first = await (await admin.get(ROUTES.tokens, query)).json();
  const expected = [...Array(60).keys()].filter((n) => n % 2 && n % 3 && n % 5).reverse();
  assert.equal(first.count, expected.length);
  const rest = await (
    await admin.get(ROUTES.tokens, { ...query, before: first.next ?? "" })
  ).json();
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
  const all = await admin.get(ROUTES.csv);
  assert.match(all.headers.get("content-disposition") ?? "", /^attachment; filename=".*\.csv"$/);
  const bytes = Buffer.from(await all.arrayBuffer());
  const lines = bytes.toString().split("\r\n");
  assert.match(lines[0], /^\uFEFFbegunAt,actor,operation,state,userId,/);
  assert.equal(lines.length, 1 + 2260 + 1);
  assert.equal(new Set(lines.map((line) => line.split(",").at(-1))).size, 2262);
  const some = await (await admin.get(ROUTES.csv, { search: "sit_118", state: "active" })).text();
  assert.match(
    some,
    /\r\n2026-04-29T00:00:00.000Z,bo@example.com,create,active,user_118,,sit_118,TICKET-2,/,
  );
  const [, revoked] = (await (await admin.get(ROUTES.csv, { operation: "revoke" })).text()).split(
    "\r\n",
  );
  assert.match(revoked, /,user_117,,sit_117,"'=HYPERLINK\(1\)",/);
});
