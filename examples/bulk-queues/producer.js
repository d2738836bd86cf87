// Loads an upload: first into D1, then into the queue, a hundred users at a time.
import { users } from "./lines.js";
import { setState } from "./results.js";
import { markStale } from "./stale.js";

/** The maximum of messages in one call of a queue. */
const BATCH = 100;

/**
 * @typedef {import("./index.js").Env} Env
 * @typedef {import("../../lists/users.ts").Entry} Entry
 */

/**
 * Starts a run.
 *
 * @param {Env} env
 * @param {ReadableStream<Uint8Array>} stream the upload
 * @param {number} expiresInSeconds
 */
export async function load({ DB, USERS }, stream, expiresInSeconds) {
  const runId = crypto.randomUUID();
  await DB.prepare("INSERT INTO runs VALUES (?, ?, 'loading', ?)")
    .bind(runId, expiresInSeconds, Date.now())
    .run();
  const counted = { queued: 0, problems: 0 };
  for await (const batch of batches(users(stream))) {
    const { added, problems } = await record(DB, runId, batch);
    if (added.length > 0)
      await USERS.sendBatch(added.map(({ userId }) => ({ body: { runId, userId } })));
    counted.queued += added.length;
    counted.problems += problems;
  }
  await DB.prepare("UPDATE runs SET state = 'running' WHERE id = ? AND state = 'loading'")
    .bind(runId)
    .run();
  return { id: runId, ...counted };
}

/**
 * Resumes a run: sends all users without a result again, which the queue lost or a consumer skipped during a pause. A message
 * may be sent twice: handling it is idempotent.
 *
 * @param {Env} env
 * @param {string} runId
 */
export async function resume(env, runId) {
  const { DB, USERS } = env;
  await markStale(env, runId);
  await setState(DB, runId, "running");
  let last = "";
  for (;;) {
    /** @type {{ results: { user_id: string }[] }} */
    const { results } = await DB.prepare(
      "SELECT user_id FROM results WHERE run_id = ? AND state = 'queued' AND user_id > ? ORDER BY user_id LIMIT ?",
    )
      .bind(runId, last, BATCH)
      .all();
    if (results.length === 0) return;
    await USERS.sendBatch(results.map(({ user_id: userId }) => ({ body: { runId, userId } })));
    last = results[results.length - 1].user_id;
  }
}

/**
 * Records a batch of the upload. A line with a user who is already in the run is a problem.
 *
 * @param {D1Database} DB
 * @param {string} runId
 * @param {Entry[]} batch
 */
async function record(DB, runId, batch) {
  const insert = DB.prepare(
    "INSERT OR IGNORE INTO results (run_id, user_id, org_id, state, changed_at) VALUES (?, ?, ?, 'queued', ?)",
  );
  const given = batch.filter((entry) => entry.userId !== undefined);
  const inserted =
    given.length > 0
      ? await DB.batch(
          given.map(({ userId, orgId }) => insert.bind(runId, userId, orgId, Date.now())),
        )
      : [];
  const isNew = (/** @type {number} */ index) => inserted[index].meta.changes > 0;
  const problems = [
    ...batch.filter(({ reason }) => reason),
    ...given
      .filter((_, index) => !isNew(index))
      .map(({ line }) => ({ line, reason: "the same user as in an earlier line" })),
  ];
  const note = DB.prepare("INSERT INTO problems VALUES (?, ?, ?)");
  if (problems.length > 0)
    await DB.batch(problems.map(({ line, reason }) => note.bind(runId, line, reason)));
  return { added: given.filter((_, index) => isNew(index)), problems: problems.length };
}

/** @param {AsyncIterable<Entry>} items */
async function* batches(items) {
  /** @type {Entry[]} */
  let batch = [];
  for await (const item of items) {
    if (batch.push(item) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
