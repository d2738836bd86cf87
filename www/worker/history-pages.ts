// Reads the history: in pages, as tokens that can be revoked, as CSV.
import { cellsOf, COLUMNS, type Entry, type HistoryPage, type TokenPage } from "../contract.ts";
import { csvOf } from "../lists/csv.ts";
import { refuse } from "./answers.ts";
import type { Context } from "./types.ts";
import { bound } from "./history.ts";

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
