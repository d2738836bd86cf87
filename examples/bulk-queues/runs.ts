// Reads runs: their state and counts, their problems, their results as CSV.
import type { D1Database } from "@cloudflare/workers-types";

// Copy lists/ together with this folder.
import { csvOf } from "../../lists/index.ts";

/** The states of a user in a run. */
export const STATES = ["queued", "sending", "created", "failed", "unknown"] as const;

type State = "loading" | "running" | "paused" | "failed";

export interface Run {
  id: string;
  /** `finished` if a running one has a result for each user. */
  state: State | "finished";
  expiresInSeconds: number;
  createdAt: number;
}

const RUN =
  "SELECT id, state, expires_in_seconds AS expiresInSeconds, created_at AS createdAt FROM runs";

export function findRun(DB: D1Database, id: string) {
  return DB.prepare(`${RUN} WHERE id = ?`).bind(id).first<Run>();
}

/** Returns the newest runs. */
export async function runs(DB: D1Database) {
  const { results } = await DB.prepare(`${RUN} ORDER BY created_at DESC LIMIT 50`).all<Run>();
  return results;
}

export async function setState(DB: D1Database, id: string, state: State) {
  await DB.prepare("UPDATE runs SET state = ? WHERE id = ?").bind(state, id).run();
}

/** Adds the number of users in each state. */
export async function withCounts(DB: D1Database, run: Run) {
  const { results } = await DB.prepare(
    "SELECT state, count(*) AS count FROM results WHERE run_id = ? GROUP BY state",
  )
    .bind(run.id)
    .all<{ state: string; count: number }>();
  const count = (state: string) => results.find((row) => row.state === state)?.count ?? 0;
  const [queued, sending, created, failed, unknown] = STATES.map(count);
  const isFinished = run.state === "running" && queued + sending === 0;
  const state = isFinished ? "finished" : run.state;
  return { ...run, state, counts: { queued, sending, created, failed, unknown } };
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
 *
 * @param state only the users in this state
 */
export function csv(DB: D1Database, id: string, state?: string): ReadableStream<Uint8Array> {
  const columns = ["user_id", "state", "token_id", "url", "error"];
  const query = DB.prepare(
    `SELECT user_id, replace(state, 'queued', 'not_sent') AS state, token_id, url, error
    FROM results WHERE run_id = ?1 AND user_id > ?2 AND (?3 IS NULL OR state = ?3)
    ORDER BY user_id LIMIT 1000`,
  );
  async function* rows() {
    yield csvOf([columns]);
    for (let last = ""; ;) {
      const { results } = await query.bind(id, last, state ?? null).all<{ user_id: string }>();
      if (results.length === 0) return;
      yield csvOf(results.map(Object.values));
      last = results[results.length - 1].user_id;
    }
  }
  const pieces = rows();
  const stream = new ReadableStream<string>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return stream.pipeThrough(new TextEncoderStream());
}
