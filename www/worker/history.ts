// The audit trail in D1. It has every request before it is sent to Clerk; never a token, a URL or a
// message.
import type { Begun, Ended } from "./types.ts";

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

export const bound = (DB: D1Database, query: string, values: (string | number | undefined)[]) =>
  DB.prepare(query).bind(...values.map((value) => value ?? null));
