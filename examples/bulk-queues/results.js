// Reads runs: their counts, their problems, their results as CSV.
// Copy lists/ together with this folder.
import { csvOf } from "../../lists/index.ts";

const NONE = { queued: 0, sending: 0, created: 0, failed: 0, unknown: 0 };

const RUN = `SELECT id, state, expires_in_seconds AS expiresInSeconds, created_at AS createdAt FROM runs`;

/**
 * @typedef {"loading" | "running" | "paused"} RunState
 * @typedef {RunState | "finished"} Phase
 * @typedef {{ id: string, state: RunState, expiresInSeconds: number, createdAt: number }} Run
 * @typedef {Awaited<ReturnType<typeof counts>>} Counts
 * @typedef {Awaited<ReturnType<typeof problems>>} Problems
 */

/**
 * Returns a run; null if there is none.
 *
 * @param {D1Database} DB
 * @param {string} id
 * @returns {Promise<Run | null>}
 */
export function run(DB, id) {
  return DB.prepare(`${RUN} WHERE id = ?`).bind(id).first();
}

/**
 * Returns the newest runs with their counts.
 *
 * @param {D1Database} DB
 */
export async function runs(DB) {
  /** @type {{ results: Run[] }} */
  const { results } = await DB.prepare(`${RUN} ORDER BY created_at DESC LIMIT 50`).all();
  return Promise.all(results.map(async (one) => ({ ...one, ...(await counts(DB, one)) })));
}

/**
 * @param {D1Database} DB
 * @param {string} id
 * @param {RunState} state
 */
export async function setState(DB, id, state) {
  await DB.prepare("UPDATE runs SET state = ? WHERE id = ?").bind(state, id).run();
}

/**
 * Returns the number of users in each state, and the phase of the run: its state, or "finished".
 *
 * @param {D1Database} DB
 * @param {Run} run
 */
export async function counts(DB, { id, state }) {
  /** @type {{ results: { state: keyof typeof NONE, count: number }[] }} */
  const { results } = await DB.prepare(
    "SELECT state, count(*) AS count FROM results WHERE run_id = ? GROUP BY state",
  )
    .bind(id)
    .all();
  /** @type {typeof NONE} */
  const found = { ...NONE, ...Object.fromEntries(results.map((row) => [row.state, row.count])) };
  const done = found.created + found.failed + found.unknown;
  const left = found.queued + found.sending;
  /** @type {Phase} */
  const phase = state !== "loading" && left === 0 ? "finished" : state;
  return { ...found, done, total: done + left, phase };
}

/**
 * Returns the first unusable lines of the upload.
 *
 * @param {D1Database} DB
 * @param {string} id
 */
export async function problems(DB, id) {
  /** @type {{ results: { line: number | null, reason: string }[] }} */
  const { results } = await DB.prepare(
    "SELECT line, reason FROM problems WHERE run_id = ? ORDER BY line LIMIT 100",
  )
    .bind(id)
    .all();
  return results;
}

/**
 * Returns the results as a stream of CSV, read from D1 a thousand rows at a time. The URLs in it sign people in.
 *
 * @param {D1Database} DB
 * @param {string} id
 * @param {string} [state] only the users in this state
 */
export function csv(DB, id, state) {
  const columns = ["user_id", "state", "token_id", "url", "error"];
  const query = DB.prepare(`
    SELECT user_id, replace(state, 'queued', 'not_sent') AS state, token_id, url, error FROM results WHERE run_id = ?1 AND user_id > ?2 AND (?3 IS NULL OR state = ?3) ORDER BY user_id LIMIT 1000
  `);
  async function* rows() {
    yield csvOf([columns]);
    for (let last = ""; ;) {
      /** @type {{ results: { user_id: string }[] }} */
      const { results } = await query.bind(id, last, state ?? null).all();
      if (results.length === 0) return;
      yield csvOf(results.map(Object.values));
      last = results[results.length - 1].user_id;
    }
  }
  const pieces = rows();
  const stream = new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return stream.pipeThrough(new TextEncoderStream());
}
