// Tests the example on Queues and D1 in workerd: 5,000 users, every fault, and a consumer that is
// killed during the run.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { startWorker } from "../../scripts/worker.ts";
import { STATES } from "../../examples/bulk-queues/runs.ts";
import { copyIntoApp } from "../support/app.ts";
import type { Emulator } from "../support/client.ts";

const PASSWORD = "correct horse battery";
const USERS = 5000;
/** For how long a row may be "sending". */
const STALE_MS = 5000;

const dir = join(copyIntoApp("examples", "examples-bulk-queues"), "bulk-queues");
const persistence = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-d1-"));

let emulator: Emulator,
  control: Emulator["control"],
  worker: Awaited<ReturnType<typeof startWorker>>;

async function startConsumer() {
  worker = await startWorker(dir, {
    vars: {
      CLERK_SECRET_KEY: SECRET_KEY,
      CLERK_API_URL: emulator.url,
      ADMIN_PASSWORD: PASSWORD,
      STALE_MS: String(STALE_MS),
    },
    persistence,
  });
}

const ask = (path: string, init?: RequestInit) =>
  fetch(`${worker.url}${path}`, {
    redirect: "manual",
    ...init,
    headers: { authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`, ...init?.headers },
  });

/** Starts a run. Returns what the Worker says about its upload. */
const upload = async (body: string, query = "") =>
  (await ask(`/runs${query}`, { method: "POST", body })).json();

/** What the Worker says about a run, with its counts beside its state. */
interface Status extends Record<(typeof STATES)[number], number> {
  id: string;
  state: string;
  problems: { line: number; reason: string }[];
}

const statusOf = async (id: string): Promise<Status> => {
  const { counts, ...run } = await (await ask(`/runs/${id}`)).json();
  return { ...run, ...counts };
};

/** Reads until what was read matches. Returns it. */
async function eventually<Seen>(
  read: () => Promise<Seen>,
  matches: (seen: NonNullable<Seen>) => boolean,
) {
  for (let left = 1200; ; left--) {
    const seen = await read();
    if (seen && matches(seen)) return seen;
    if (left === 0) assert.fail(`there is no progress: ${JSON.stringify(seen)}`);
    await sleep(100);
  }
}

const until = (id: string, matches: (seen: Status) => boolean) =>
  eventually(() => statusOf(id), matches);

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  ({ control } = emulator);
  await startConsumer();
});
after(async () => {
  await worker.stop();
  await emulator.close();
});

test("requests without the password or from another site are refused", async () => {
  assert.equal((await fetch(`${worker.url}/runs`, { method: "POST", body: "user_1" })).status, 401);
  for (const [headers, status] of [
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: worker.url }, 400],
    [{ origin: "https://a.proxy", "sec-fetch-site": "same-origin" }, 400],
    [{}, 400],
  ] as [Record<string, string>, number][]) {
    const { status: actual } = await ask("/runs?expiresInSeconds=0", { method: "POST", headers });
    assert.equal(actual, status, JSON.stringify(headers));
  }
});

test("an upload is read line by line, and unusable lines are listed", async () => {
  const csv =
    "\uFEFFuser_id,org_id\r\nuser_a,org_1\r\n\r\nnobody,\r\n" +
    'user_a,\r\nuser_b,bad\r\n"user_c\r\nuser_d';
  const { id, ...counted } = await upload(csv);
  // The text after an open quote is part of the cell.
  assert.deepEqual(counted, { queued: 1, problems: 4 });
  const { problems } = await statusOf(id);
  const expected = [
    [4, "not a user ID"],
    [5, "the same user"],
    [6, "not an organization ID"],
    [7, "a quote is not closed"],
  ] as const;
  assert.equal(problems.length, expected.length);
  for (const [index, [line, reason]] of expected.entries()) {
    assert.equal(problems[index].line, line);
    assert.ok(problems[index].reason.startsWith(reason), problems[index].reason);
  }
  await until(id, ({ created }) => created === 1);
  const ndjson = await upload('{"user_id":"user_x"}\n{"user_id":5}\n{broken\n');
  assert.deepEqual([ndjson.queued, ndjson.problems], [1, 2]);
  await until(ndjson.id, ({ created }) => created === 1);
  const empty = await upload("\n");
  assert.deepEqual([empty.queued, empty.problems], [0, 0]);
});

test("an upload that breaks off ends as failed, and creates no more tokens", async () => {
  await control.reset();
  // The consumer waits for these answers while the upload breaks off.
  await control.fault({ delay: 600_000, times: 10 });
  const { readable: body, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const init = { method: "POST", body, duplex: "half" };
  const answer = ask("/runs", init);
  const lines = Array.from({ length: 250 }, (_, n) => `user_${n}\n`).join("");
  await writer.write(new TextEncoder().encode(lines));
  const [run] = await eventually(
    async (): Promise<{ id: string; state: string; counts: Status }[]> =>
      (await ask("/runs")).json(),
    ([{ state, counts }]) => state === "loading" && counts.sending === 10,
  );
  await writer.abort(new Error("the user has left"));
  await assert.rejects(answer);
  await until(run.id, ({ state }) => state === "failed");
  await control.release();
  const end = await until(run.id, ({ sending }) => sending === 0);
  assert.deepEqual([end.created, end.state], [10, "failed"]);
  assert.ok(end.queued >= 90, `${end.queued} queued`);
  for (const action of ["pause", "resume"])
    assert.equal((await ask(`/runs/${run.id}/${action}`, { method: "POST" })).status, 409);
  // The messages of the users that are left come, and create nothing. An invalid one behind them
  // ends in the dead-letter queue.
  const queue = await worker.miniflare.getQueueProducer("USERS");
  await queue.send({ rubbish: true });
  const database = await worker.miniflare.getD1Database("DB");
  const query = "SELECT count(*) AS count FROM problems WHERE reason LIKE 'a message%'";
  await eventually(
    () => database.prepare(query).first<{ count: number }>(),
    ({ count }) => count === 1,
  );
  assert.equal((await control.tokens()).length, 10);
});

/** Returns the rows of a run's results as cells, without the header. */
async function rowsOf(id: string) {
  const csv = await (await ask(`/runs/${id}/results.csv`)).text();
  const [, ...rows] = csv.trim().split("\r\n");
  return rows.map((row) => row.split(","));
}

/** Checks that each user has exactly the token in the results, or is listed as unknown. */
async function checkResults(id: string, end: Status) {
  assert.equal(end.created + end.unknown + end.failed, USERS);
  assert.equal(end.failed, 0);
  const live = new Map();
  for (const { user_id, id } of await control.tokens())
    live.set(user_id, [...(live.get(user_id) ?? []), id]);
  assert.ok(
    [...live.values()].every((ids) => ids.length === 1),
    "no user has two tokens",
  );
  const rows = await rowsOf(id);
  assert.equal(rows.length, USERS);
  for (const [userId, state, tokenId] of rows) {
    if (state === "created") assert.deepEqual(live.get(userId), [tokenId]);
    else assert.equal(state, "unknown");
  }
  assert.equal(rows.filter(([, state]) => state === "unknown").length, end.unknown);
}

test("each of 5,000 users has one token or is listed, despite a killed consumer", async () => {
  await control.reset();
  await control.fault({ status: 429, headers: { "retry-after": "1" }, times: 5 });
  await control.fault({ drop: "answer", effect: true, times: 4 });
  await control.fault({ status: 503, times: 3 });
  const body = Array.from({ length: USERS }, (_, n) => `user_${n}`).join("\n");
  const { id } = await upload(body, "?expiresInSeconds=600");

  await until(id, ({ created }) => created > 800);
  await ask(`/runs/${id}/pause`, { method: "POST" });
  const { created } = await until(id, ({ sending }) => sending === 0);
  await sleep(1500);
  assert.equal((await statusOf(id)).created, created, "paused");
  await ask(`/runs/${id}/resume`, { method: "POST" });

  await until(id, (seen) => seen.created > created + 500);
  // Kills workerd, and with it the queue, which is in memory here.
  await worker.stop();
  await startConsumer();
  await sleep(STALE_MS);
  await ask(`/runs/${id}/resume`, { method: "POST" });
  const end = await until(id, ({ queued, sending }) => queued + sending === 0);

  await checkResults(id, end);
  // The seven configured faults, and at most the requests in flight when the consumer was killed.
  assert.ok(end.unknown >= 7 && end.unknown <= 7 + 10, `${end.unknown} unknown`);
  assert.equal((await ask(`/runs/${id}`)).status, 200);
});

test("a user whose consumer was lost becomes unknown, and others get tokens", async () => {
  await control.reset();
  const database = await worker.miniflare.getD1Database("DB");
  // Clerk makes the token, then its result cannot be recorded.
  await database.exec(
    "CREATE TRIGGER lost BEFORE UPDATE ON results WHEN NEW.user_id = 'user_lost' " +
      "AND NEW.state = 'created' BEGIN SELECT RAISE(ABORT, 'lost'); END",
  );
  try {
    const { id } = await upload("user_1\nuser_lost\nuser_2");
    const { created, unknown } = await until(id, ({ state }) => state === "finished");
    assert.deepEqual([created, unknown], [2, 1]);
    const lost = (await rowsOf(id)).filter(([, state]) => state === "unknown");
    assert.deepEqual(
      lost.map(([userId]) => userId),
      ["user_lost"],
    );
    assert.equal((await control.tokens()).length, 3, "nobody has two");
  } finally {
    await database.exec("DROP TRIGGER lost");
  }
});

test("a message that comes again waits until its row is stale", async () => {
  await control.reset();
  const database = await worker.miniflare.getD1Database("DB");
  for (const queue of ["USERS", "DEAD"]) {
    const [runId, userId] = [crypto.randomUUID(), `user_${queue}`];
    await database.batch([
      database.prepare("INSERT INTO runs VALUES (?, 600, 'running', 0)").bind(runId),
      // As a consumer leaves it that dies.
      database
        .prepare(
          "INSERT INTO results (run_id, user_id, state, changed_at) VALUES (?, ?, 'sending', ?)",
        )
        .bind(runId, userId, Date.now()),
    ]);
    const producer = await worker.miniflare.getQueueProducer(queue);
    await producer.send({ runId, userId });
    await until(runId, ({ state, unknown }) => state === "finished" && unknown === 1);
  }
  assert.equal((await control.requests()).length, 0);
});

test("a finished run cannot be paused, and its CSV contains no formula", async () => {
  await control.reset();
  const error = { code: "x", message: "no", long_message: '=HYPERLINK("http://evil")\nx' };
  await control.fault({ status: 422, body: { errors: [error] } });
  const { id } = await upload("user_1");
  await until(id, ({ failed }) => failed === 1);
  assert.equal((await ask(`/runs/${id}/pause`, { method: "POST" })).status, 409);
  const csv = await (await ask(`/runs/${id}/results.csv`)).text();
  assert.ok(csv.includes(`"'=HYPERLINK`), csv);
});
