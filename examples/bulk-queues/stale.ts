// Finds the rows whose consumer was lost: it may have asked for a token, and recorded no answer.
import type { Env } from "./index.ts";

/**
 * Returns for how long a row may be `sending`, in milliseconds. A consumer that works records its
 * result earlier: a request takes 10 seconds at most.
 */
export const staleMs = ({ STALE_MS = 60_000 }: Env) => STALE_MS;

/**
 * Marks stale rows as unknown.
 *
 * @param userId only this user's
 */
export async function markStale(env: Env, runId: string, userId?: string) {
  await env.DB.prepare(
    `UPDATE results SET state = 'unknown', error = 'the consumer was lost'
    WHERE run_id = ?1 AND (?2 IS NULL OR user_id = ?2) AND state = 'sending' AND changed_at < ?3`,
  )
    .bind(runId, userId ?? null, Date.now() - staleMs(env))
    .run();
}

/**
 * Returns whether a request for a user may be in flight. A stale row is marked as unknown first.
 */
export async function isSending(env: Env, runId: string, userId: string) {
  await markStale(env, runId, userId);
  const row = await env.DB.prepare("SELECT state FROM results WHERE run_id = ? AND user_id = ?")
    .bind(runId, userId)
    .first();
  return row?.state === "sending";
}
