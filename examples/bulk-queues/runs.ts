// The runs in D1: their states and counts, their problems, their results as CSV.
import type { D1Database } from "@cloudflare/workers-types";

// Copy lists/ together with this folder.
import { csvOf } from "../../lists/index.ts";
import type { Env } from "./index.ts";

/** The states of a user in a run. */
export const STATES = ["queued", "sending", "created", "failed", "unknown"] as const;

type State = "loading" | "running" | "paused" | "failed";

/** Returns a run, or the newest ones, with the number of users in each state. */
export async function findRuns(DB: D1Database, id?: string) {
  const { results } = await DB.prepare(
    `SELECT id, state, expires_in_seconds AS expiresInSeconds, created_at AS createdAt,
      (SELECT json_group_object(state, users) FROM (
        SELECT state, count(*) AS users FROM results WHERE run_id = runs.id GROUP BY state
      )) AS users
    FROM runs WHERE ?1 IS NULL OR id = ?1 ORDER BY created_at DESC LIMIT 50`,
  )
    .bind(id ?? null)
    .all<{
      id: string;
      state: State;
      expiresInSeconds: number;
      createdAt: number;
      users: string;
    }>();
  return results.map(({ users, ...run }) => {
    const found = JSON.parse(users);
    const counts = Object.fromEntries(STATES.map((state) => [state, found[state] ?? 0]));
    // A run with a result for each user.
    const isFinished = run.state === "running" && counts.queued + counts.sending === 0;
    return { ...run, state: isFinished ? "finished" : run.state, counts };
  });
}

export async function setState(DB: D1Database, id: string, state: State) {
  await DB.prepare("UPDATE runs SET state = ? WHERE id = ?").bind(state, id).run();
}

/**
 * Returns for how long a row may be `sending`, in milliseconds. A consumer that works records its
 * result earlier: a request takes 10 seconds at most.
 */
export const staleMs = ({ STALE_MS = 60_000 }: Env) => STALE_MS;

/**
 * Marks stale rows as unknown: their consumer was lost. It may have asked for a token, and recorded
 * no answer.
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

/** Returns the first unusable lines of the upload. */
export async function problems(DB: D1Database, id: string) {
  const { results } = await DB.prepare(
    "SELECT line, reason FROM problems WHERE run_id = ? ORDER BY line LIMIT 100",
  )
    .bind(id)
    .all<{ line: number | null; reason: string }>();
  return results;
}

/**
 * Returns the results as a stream of CSV, read from D1 a thousand rows at a time. The URLs in it
 * sign people in.
 */
export function csv(DB: D1Database, id: string): ReadableStream<Uint8Array> {
  const query = DB.prepare(
    `SELECT user_id, replace(state, 'queued', 'not_sent') AS state, token_id, url, error
    FROM results WHERE run_id = ? AND user_id > ? ORDER BY user_id LIMIT 1000`,
  );
  let last = "";
  const stream = new ReadableStream<string>({
    start(controller) {
      controller.enqueue(csvOf([["user_id", "state", "token_id", "url", "error"]]));
    },
    async pull(controller) {
      const { results } = await query.bind(id, last).all<{ user_id: string }>();
      if (results.length === 0) return controller.close();
      controller.enqueue(csvOf(results.map(Object.values)));
      last = results[results.length - 1].user_id;
    },
  });
  return stream.pipeThrough(new TextEncoderStream());
}
