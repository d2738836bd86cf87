// The audit trail in D1: written, and read in pages, as tokens that can be revoked, as CSV. It has
// every request before it is sent to Clerk; never a token, a URL or a message.
import { cellsOf, COLUMNS, type Entry, type HistoryPage, type TokenPage } from "../contract.ts";
import { csvOf } from "../lists/csv.ts";
import { refuse } from "./answers.ts";
import type { Begun, Context, Ended } from "./types.ts";

/** Where requests are recorded. */
export interface Ledger {
  /**
   * Records a request before it is sent. If there is one with this ID already, returns what is
   * known of it.
   */
  begin(id: string, entry: Begun): Promise<Ended | undefined>;
  /** Records the outcome. */
  end(id: string, ended: Ended): Promise<unknown>;
}

const BEGIN = `
  INSERT INTO history (id, operation, outcome, actor, reason, user_id, org_id, token_id,
    expires_in_seconds, run_id, file_name, begun_at)
  VALUES (?1, ?2, 'sending', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (id) DO NOTHING`;

const EARLIER = "SELECT outcome, token_id AS tokenId FROM history WHERE id = ?1";

const END = `
  UPDATE history SET outcome = ?2, token_id = coalesce(?3, token_id), error_code = ?4,
    trace_id = ?5, expires_at = ?6, ended_at = ?7
  WHERE id = ?1`;

export const databaseLedger = (DB: D1Database): Ledger => ({
  async begin(id, { operation, actor, reason, userId, orgId, tokenId, ...entry }) {
    const { expiresInSeconds, runId, fileName } = entry;
    const values = [id, operation, actor, reason, userId, orgId, tokenId, expiresInSeconds];
    const { meta } = await bound(DB, BEGIN, [...values, runId, fileName, Date.now()]).run();
    if (meta.changes > 0) return undefined;
    return (await bound(DB, EARLIER, [id]).first<Ended>()) ?? { outcome: "unknown" };
  },
  end: (id, { outcome, tokenId, errorCode, traceId, expiresAt }) =>
    bound(DB, END, [id, outcome, tokenId, errorCode, traceId, expiresAt, Date.now()]).run(),
});

const bound = (DB: D1Database, query: string, values: (string | number | undefined)[]) =>
  DB.prepare(query).bind(...values.map((value) => value ?? null));

const [PAGE, LONGEST_PAGE] = [50, 1000];

const found = (fields: string) => `instr(lower(concat_ws(' ', ${fields})), lower(?)) > 0`;

/** What each filter means. */
const FILTERS = new Map([
  ["state", "? IN (state, iif(state IN ('revoked', 'not_pending'), 'ended', NULL))"],
  ["operation", "operation = ?"],
  ["person", found("actor, userId")],
  ["reason", found("reason")],
  ["run", "runId = ?"],
  ["from", "begunAt >= cast(? AS INTEGER)"],
  ["until", "begunAt < cast(? AS INTEGER)"],
  ["search", found("userId, orgId, tokenId, actor, reason, traceId, runId, fileName")],
]);
const NUMBERS = ["from", "until", "limit"];

/** What a request asks for: conditions in SQL with their values, and a page. */
interface Query {
  DB: D1Database;
  where: string[];
  values: string[];
  before?: string;
  limit?: number;
}

/** Answers with the newest entries first, and the start of the next page. */
export const showHistory = (c: Context) =>
  queried(c, async (query) => Response.json((await pageOf(query)) satisfies HistoryPage));

/** Answers with the links that match and that a revoke would end. */
export const showTokens = (c: Context) =>
  queried(c, async ({ where, limit = LONGEST_PAGE, ...query }) => {
    const active = [...where, "operation = 'create'", "state = 'active'"];
    const { entries, next } = await pageOf({ ...query, where: active, limit });
    const tokens = entries.map(({ tokenId, userId }) => ({ tokenId: tokenId ?? "", userId }));
    if (query.before) return Response.json({ tokens, next } satisfies TokenPage);
    const counted = select("count(*) AS count", { ...query, where: active });
    const count = (await counted.first<number>("count")) ?? 0;
    return Response.json({ count, tokens, next } satisfies TokenPage);
  });

/** Answers with all that match, as CSV. If a later page fails, the download breaks off. */
export const downloadHistory = (c: Context) =>
  queried(c, async (query) => {
    const encoder = new TextEncoder();
    let page = await pageOf({ ...query, limit: LONGEST_PAGE });
    // Spreadsheets take UTF-8 for another encoding without the mark.
    let text = `\uFEFF${csvOf([COLUMNS])}`;
    const body = new ReadableStream({
      async pull(controller) {
        if (page.entries.length > 0) text += csvOf(page.entries.map(cellsOf));
        controller.enqueue(encoder.encode(text));
        text = "";
        if (page.next === null) return controller.close();
        page = await pageOf({ ...query, limit: LONGEST_PAGE, before: page.next });
      },
    });
    return c.body(body, 200, {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="sign-in-links-history.csv"',
    });
  });

function queried(c: Context, work: (query: Query) => Promise<Response>) {
  const { DB } = c.env;
  if (!DB) return refuse("no_history");
  const { limit, before, ...given } = c.req.query();
  const asked = Object.entries(given).filter(([, value]) => value !== "");
  const isNumeric = (name: string) => /^\d{0,15}$/.test(c.req.query(name) ?? "");
  if (!NUMBERS.every(isNumeric) || !asked.every(([name]) => FILTERS.has(name)))
    return refuse("invalid_query");
  return work({
    DB,
    where: asked.map(([name]) => FILTERS.get(name) ?? ""),
    values: asked.map(([, value]) => value),
    before: before || undefined,
    limit: limit ? Math.min(Number(limit), LONGEST_PAGE) : undefined,
  });
}

async function pageOf({ before, limit = PAGE, ...query }: Query): Promise<HistoryPage> {
  const [at, id = ""] = before?.split("~") ?? [];
  const where = at ? [...query.where, "(begunAt, id) < (cast(? AS INTEGER), ?)"] : query.where;
  const values = at ? [...query.values, at, id] : query.values;
  const rest = "ORDER BY begunAt DESC, id DESC LIMIT";
  const { results } = await select("*", { ...query, where, values }, `${rest} ${limit + 1}`).all();
  const entries = results.slice(0, limit) as unknown as Entry[];
  const last = entries.at(-1);
  return { entries, next: last && results.length > limit ? `${last.begunAt}~${last.id}` : null };
}

function select(columns: string, { DB, where, values }: Query, rest = "") {
  const conditions = where.length > 0 ? `WHERE ${where.join(" AND ")}` : "";
  return bound(DB, `SELECT ${columns} FROM history_now ${conditions} ${rest}`, values);
}
