// The audit trail in D1. Records every request before it is sent to Clerk; never a token, a URL or a message.
import { errorResponse } from "./error-response.js";

/** @import { Begun, Context, Ended, Env } from "./types" */

/** A request in flight for longer has an unknown outcome. */
const STALE_MS = 60_000;
const PAGE = 50;

/** An old "sending" reads as "unknown". */
const OUTCOME = `CASE WHEN outcome = 'sending' AND begun_at < ?1 THEN 'unknown' ELSE outcome END`;

const LIST = `
  SELECT id, operation, ${OUTCOME} AS outcome, actor, reason, user_id AS userId, org_id AS orgId, token_id AS tokenId,
    expires_in_seconds AS expiresInSeconds, error_code AS errorCode, trace_id AS traceId, begun_at AS begunAt,
    expires_at AS expiresAt,
    (SELECT max(CASE outcome WHEN 'revoked' THEN 'revoked' ELSE 'not_pending' END) FROM history AS later
      WHERE later.token_id = history.token_id AND later.operation = 'revoke' AND later.outcome IN ('revoked', 'not_pending')
    ) AS ended
  FROM history
  WHERE (?2 IS NULL OR ${OUTCOME} = ?2)
    AND (?3 IS NULL OR instr(lower(concat_ws(' ', user_id, org_id, token_id, actor, reason, trace_id)), lower(?3)) > 0)
    AND (?4 IS NULL OR (begun_at, id) < (?4, ?5))
  ORDER BY begun_at DESC, id DESC
  LIMIT ${PAGE + 1}`;

// A revoke names only the token. Its create has the user.
const BEGIN = `
  INSERT INTO history (id, operation, outcome, actor, reason, user_id, org_id, token_id, expires_in_seconds, begun_at)
  VALUES (?1, ?2, 'sending', ?3, ?4, coalesce(?5, (SELECT user_id FROM history WHERE token_id = ?7 AND operation = 'create')),
    ?6, ?7, ?8, ?9)`;

const END = `
  UPDATE history SET outcome = ?2, token_id = coalesce(?3, token_id), error_code = ?4, trace_id = ?5, expires_at = ?6,
    ended_at = ?7
  WHERE id = ?1`;

/**
 * Records a request before it is sent. Returns the entry's ID; none without a database.
 *
 * @param {Env} env
 * @param {Begun} entry
 */
export async function beginEntry({ DB }, entry) {
  if (!DB) return undefined;
  const id = crypto.randomUUID();
  const { operation, actor, reason, userId, orgId, tokenId, expiresInSeconds } = entry;
  await run(DB, BEGIN, [
    id,
    operation,
    actor,
    reason,
    userId,
    orgId,
    tokenId,
    expiresInSeconds,
    Date.now(),
  ]);
  return id;
}

/**
 * Records the outcome. If that fails twice, the entry stays "sending", and later reads "unknown".
 *
 * @param {Env} env
 * @param {string | undefined} id
 * @param {Ended} ended
 */
export async function endEntry({ DB }, id, { outcome, tokenId, errorCode, traceId, expiresAt }) {
  if (!DB || !id) return;
  const values = [id, outcome, tokenId, errorCode, traceId, expiresAt, Date.now()];
  try {
    await run(DB, END, values).catch(() => run(DB, END, values));
  } catch {
    console.error(`history entry ${id} could not be completed: ${outcome}`);
  }
}

/**
 * Answers `GET /history?outcome=&search=&before=` with the newest entries first, and the start of the next page.
 *
 * @param {Context} c
 */
export async function showHistory(c) {
  const { DB } = c.env;
  if (!DB)
    return errorResponse(404, "no_history", "This deployment has no database for a history.");
  const { outcome, search, before = "" } = c.req.query();
  const [at, id] = before.split(".");
  const { results } = await DB.prepare(LIST)
    .bind(
      Date.now() - STALE_MS,
      outcome || null,
      search || null,
      at ? Number(at) : null,
      id ?? null,
    )
    .all();
  const entries = results.slice(0, PAGE);
  const last = entries.at(-1);
  const isMore = last && results.length > PAGE;
  return c.json({ entries, next: isMore ? `${last.begunAt}.${last.id}` : null });
}

/**
 * @param {D1Database} DB
 * @param {string} query
 * @param {(string | number | undefined)[]} values
 */
function run(DB, query, values) {
  return DB.prepare(query)
    .bind(...values.map((value) => value ?? null))
    .run();
}
