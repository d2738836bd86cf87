// Loads an upload: first into D1, then into the queue, a hundred users at a time.
import type { D1Database } from "@cloudflare/workers-types";

// Copy lists/ together with this folder.
import { users } from "../../lists/index.ts";
import type { Env } from "./index.ts";
import { markStale, setState } from "./runs.ts";

/** The maximum of messages in one call of a queue. */
const BATCH = 100;

type Entry = ReturnType<typeof users> extends AsyncIterable<infer Item> ? Item : never;

/**
 * Starts a run. An upload that breaks off ends it as failed: no user of it gets a token any more,
 * and its results say who has one.
 */
export async function load(
  { DB, USERS }: Env,
  upload: ReadableStream<Uint8Array>,
  expiresInSeconds: number,
) {
  const id = crypto.randomUUID();
  await DB.prepare("INSERT INTO runs VALUES (?, ?, 'loading', ?)")
    .bind(id, expiresInSeconds, Date.now())
    .run();
  const counted = { queued: 0, problems: 0 };
  try {
    for await (const batch of batches(users(upload))) {
      const { added, problems } = await record(DB, id, batch);
      if (added.length > 0)
        await USERS.sendBatch(added.map((userId) => ({ body: { runId: id, userId } })));
      counted.queued += added.length;
      counted.problems += problems;
    }
  } catch (error) {
    await setState(DB, id, "failed");
    throw error;
  }
  await DB.prepare("UPDATE runs SET state = 'running' WHERE id = ? AND state = 'loading'")
    .bind(id)
    .run();
  return { id, ...counted };
}

/**
 * Resumes a run: sends all users without a result again, which the queue lost or a consumer skipped
 * during a pause. A message may be sent twice: handling it is idempotent.
 */
export async function resume(env: Env, runId: string) {
  const { DB, USERS } = env;
  await markStale(env, runId);
  await setState(DB, runId, "running");
  const queued = DB.prepare(
    `SELECT user_id AS userId FROM results WHERE run_id = ? AND state = 'queued' AND user_id > ?
    ORDER BY user_id LIMIT ?`,
  );
  for (let last = ""; ;) {
    const { results } = await queued.bind(runId, last, BATCH).all<{ userId: string }>();
    if (results.length === 0) return;
    await USERS.sendBatch(results.map(({ userId }) => ({ body: { runId, userId } })));
    last = results[results.length - 1].userId;
  }
}

/** Records a batch of the upload. A line with a user who is already in the run is a problem. */
async function record(DB: D1Database, runId: string, batch: Entry[]) {
  const insert = DB.prepare(
    `INSERT OR IGNORE INTO results (run_id, user_id, org_id, state, changed_at)
    VALUES (?, ?, ?, 'queued', ?)`,
  );
  const given = batch.filter((entry) => entry.reason === undefined);
  const inserts = given.map(({ userId, orgId }) => insert.bind(runId, userId, orgId, Date.now()));
  const inserted = inserts.length > 0 ? await DB.batch(inserts) : [];
  const isNew = inserted.map(({ meta }) => meta.changes > 0);
  const problems = [
    ...batch.filter(({ reason }) => reason),
    ...given
      .filter((_, index) => !isNew[index])
      .map(({ line }) => ({ line, reason: "the same user as in an earlier line" })),
  ];
  const note = DB.prepare("INSERT INTO problems VALUES (?, ?, ?)");
  if (problems.length > 0)
    await DB.batch(problems.map(({ line, reason }) => note.bind(runId, line, reason)));
  const added = given.filter((_, index) => isNew[index]).map(({ userId }) => userId);
  return { added, problems: problems.length };
}

async function* batches<Item>(items: AsyncIterable<Item>) {
  let batch: Item[] = [];
  for await (const item of items) {
    if (batch.push(item) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
