// Tests the example on Queues and D1 in workerd: 5,000 users, every fault, and a consumer that is
// killed during the run.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { AxeBuilder } from "@axe-core/playwright";

import { Control } from "../../emulator/control-client.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { startWorker } from "../../scripts/worker.js";
import { copyIntoApp } from "../support/app.js";
import { ownTexts, screenshot, useBrowser } from "../support/browser.js";

const PASSWORD = "correct horse battery";
const USERS = 5000;
/** For how long a row may be "sending". */
const STALE_MS = 5000;

const dir = join(copyIntoApp("examples", "examples-bulk-queues"), "bulk-queues");
const persistence = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-d1-"));

let emulator, control, worker;

const chromium = useBrowser();
const testInBrowser = chromium.tests(() => control.reset());

async function startConsumer() {
  worker = await startWorker(dir, {
    vars: {
      CLERK_SECRET_KEY: SECRET_KEY,
      CLERK_API_URL: emulator.url,
      ADMIN_PASSWORD: PASSWORD,
      STALE_MS,
    },
    persistence,
  });
}

const ask = (path, init) =>
  fetch(`${worker.url}${path}`, {
    redirect: "manual",
    ...init,
    headers: { authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`, ...init?.headers },
  });
const counts = async (id) => (await ask(`/runs/${id}/counts`)).json();

async function until(id, holds) {
  for (let seen, left = 1200; left > 0; left--) {
    seen = await counts(id);
    if (holds(seen)) return seen;
    if (left === 1) assert.fail(`the run makes no progress: ${JSON.stringify(seen)}`);
    await sleep(100);
  }
}

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
  await startConsumer();
});
after(async () => {
  await worker.stop();
  await emulator.close();
});

test("requests without the password or from another site are refused", async () => {
  assert.equal((await fetch(`${worker.url}/runs`, { method: "POST", body: "user_1" })).status, 401);
  assert.equal(
    (
      await ask("/runs", {
        method: "POST",
        body: "user_1",
        headers: { "sec-fetch-site": "cross-site" },
      })
    ).status,
    403,
  );
});

test("an upload is read line by line, and unusable lines are listed", async () => {
  const csv =
    '\uFEFFuser_id,org_id\r\nuser_a,org_1\r\n\r\nnobody,\r\nuser_a,\r\nuser_b,bad\r\n"user_c\r\nuser_d';
  const { id, ...counted } = await (await ask("/runs", { method: "POST", body: csv })).json();
  // The text after an open quote is part of the cell.
  assert.deepEqual(counted, { queued: 1, problems: 4 });
  const page = await (await ask(`/runs/${id}`)).text();
  for (const line of [
    "Line 4: not a user ID",
    "Line 5: the same user",
    "Line 6: not an organization ID",
    "Line 7: a quote is not closed",
  ]) {
    assert.ok(page.includes(line), line);
  }
  await until(id, ({ created }) => created === 1);
  const ndjson = await (
    await ask("/runs", { method: "POST", body: '{"user_id":"user_x"}\n{"user_id":5}\n{broken\n' })
  ).json();
  assert.deepEqual([ndjson.queued, ndjson.problems], [1, 2]);
  await until(ndjson.id, ({ created }) => created === 1);
  const empty = await (await ask("/runs", { method: "POST", body: "\n" })).json();
  assert.deepEqual([empty.queued, empty.problems], [0, 0]);
});

test("an invalid message ends in the dead-letter queue", async () => {
  const queue = await worker.miniflare.getQueueProducer("USERS");
  await queue.send({ rubbish: true });
  const database = await worker.miniflare.getD1Database("DB");
  for (let left = 600; ; left--) {
    const { count } = await database
      .prepare("SELECT count(*) AS count FROM problems WHERE reason LIKE 'a message%'")
      .first();
    if (count === 1) break;
    assert.ok(left > 0, "the message did not arrive");
    await sleep(100);
  }
});

/** Returns the rows of a run's results as cells, without the header. */
async function rowsOf(path) {
  const [, ...rows] = (await (await ask(path)).text()).trim().split("\r\n");
  return rows.map((row) => row.split(","));
}

/** Checks that each user has exactly the token in the results, or is listed as unknown. */
async function checkResults(id, end) {
  assert.equal(end.created + end.unknown + end.failed, USERS);
  assert.equal(end.failed, 0);
  const live = new Map();
  for (const { user_id, id } of await control.tokens())
    live.set(user_id, [...(live.get(user_id) ?? []), id]);
  assert.ok(
    [...live.values()].every((ids) => ids.length === 1),
    "no user has two tokens",
  );
  const rows = await rowsOf(`/runs/${id}/results.csv`);
  assert.equal(rows.length, USERS);
  for (const [userId, state, tokenId] of rows) {
    if (state === "created") assert.deepEqual(live.get(userId), [tokenId]);
    else assert.equal(state, "unknown");
  }
  const listed = await rowsOf(`/runs/${id}/results.csv?state=unknown`);
  assert.equal(listed.length, end.unknown);
}

test("each of 5,000 users has one token or is listed, despite faults, a pause and a killed consumer", async () => {
  await control.reset();
  await control.fault({ status: 429, headers: { "retry-after": "1" }, times: 5 });
  await control.fault({ drop: "answer", effect: true, times: 4 });
  await control.fault({ status: 503, times: 3 });
  const body = Array.from({ length: USERS }, (_, n) => `user_${n}`).join("\n");
  const { id } = await (await ask("/runs?expiresInSeconds=600", { method: "POST", body })).json();

  await until(id, ({ created }) => created > 800);
  await ask(`/runs/${id}/pause`, { method: "POST" });
  const { created } = await until(id, ({ sending }) => sending === 0);
  await sleep(1500);
  assert.equal((await counts(id)).created, created, "paused");
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

test("a user whose consumer was lost becomes unknown by itself, and the others get their tokens", async () => {
  await control.reset();
  const database = await worker.miniflare.getD1Database("DB");
  // Clerk makes the token, then its result cannot be recorded.
  await database.exec(
    "CREATE TRIGGER lost BEFORE UPDATE ON results WHEN NEW.user_id = 'user_lost' AND NEW.state = 'created' BEGIN SELECT RAISE(ABORT, 'lost'); END",
  );
  try {
    const body = "user_1\nuser_lost\nuser_2";
    const { id } = await (await ask("/runs", { method: "POST", body })).json();
    const { created, unknown } = await until(id, ({ phase }) => phase === "finished");
    assert.deepEqual([created, unknown], [2, 1]);
    const [[userId]] = await rowsOf(`/runs/${id}/results.csv?state=unknown`);
    assert.equal(userId, "user_lost");
    assert.equal((await control.tokens()).length, 3, "nobody has two");
  } finally {
    await database.exec("DROP TRIGGER lost");
  }
});

test("a message that comes again while its row is sending waits until the row is stale", async () => {
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
    await until(runId, ({ phase, unknown }) => phase === "finished" && unknown === 1);
  }
  assert.equal((await control.requests()).length, 0);
});

/** Takes a screenshot of the page, and checks its accessibility and width. */
async function checkLook(page, name) {
  await page.waitForLoadState();
  await screenshot(page, `queues-${name}`);
  // Without frames, axe needs no second page to gather its results in.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
    [],
  );
  const [width, content] = await page.evaluate(() => [
    innerWidth,
    document.documentElement.scrollWidth,
  ]);
  assert.ok(content <= width, `${name}: ${content} px wide in a window of ${width}`);
}

/** Uploads 300 users and one invalid ID. One answer is lost, 40 come, and the others wait for `control.release()`. */
async function upload(page, look) {
  await control.fault({ drop: "answer", effect: true });
  await control.fault({ delay: 0, times: 40 });
  await control.fault({ delay: 600_000, times: 400 });
  const ids = Array.from({ length: 300 }, (_, n) => `user_2abcDEFghiJKLmnoPQRst${look}${n}`);
  const buffer = Buffer.from(["user_id", ...ids, "nobody"].join("\n"));
  await page
    .getByLabel("List of users")
    .setInputFiles({ name: "users.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "Upload and start" }).click();
  await page.getByRole("heading", { name: /^Run [\da-f]{8}$/ }).waitFor();
}

for (const [look, options] of [
  ["light", { colorScheme: "light", viewport: { width: 1280, height: 800 } }],
  ["dark", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }],
  ["phone", { colorScheme: "light", viewport: { width: 320, height: 640 } }],
]) {
  testInBrowser(
    `the pages upload a list, pause and resume the run, and show the results: ${look}`,
    async () => {
      await control.reset();
      const httpCredentials = { username: "admin", password: PASSWORD };
      const page = await chromium.open(worker.url, { httpCredentials, ...options });
      const check = (name) => checkLook(page, `${name}-${look}`);
      await check("runs");
      await upload(page, look);
      // The figures change without a reload of the page.
      await page.waitForFunction(() => document.querySelector("progress").value > 0);
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByText("Paused", { exact: true }).waitFor();
      await control.release();
      // A resume takes what is still in flight for lost.
      await page.getByRole("row", { name: /^In flight 0 / }).waitFor();
      await check("run-paused");
      await page.getByRole("button", { name: "Resume" }).click();
      await page.getByText("Finished", { exact: true }).waitFor({ timeout: 60_000 });
      assert.equal(await page.getByRole("button").count(), 0, "a finished run has no button");
      await page.getByText("1 link may have been created").waitFor();
      await page.getByText("Line 302: not a user ID").waitFor();
      await check("run-finished");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "CSV: Created" }).click(),
      ]);
      assert.match(download.suggestedFilename(), /^sign-in-links-[\da-f]{8}-created\.csv$/);
      await page.getByRole("link", { name: "All runs" }).click();
      await page.getByText("300 of 300").first().waitFor();
      assert.deepEqual(ownTexts(chromium), []);
      await chromium.close(page);
    },
  );
}

test("a finished run cannot be paused, and its CSV contains no formula", async () => {
  await control.reset();
  const error = { code: "x", message: "no", long_message: '=HYPERLINK("http://evil")\nx' };
  await control.fault({ status: 422, body: { errors: [error] } });
  const { id } = await (await ask("/runs", { method: "POST", body: "user_1" })).json();
  await until(id, ({ failed }) => failed === 1);
  assert.equal((await ask(`/runs/${id}/pause`, { method: "POST" })).status, 409);
  const csv = await (await ask(`/runs/${id}/results.csv`)).text();
  assert.ok(csv.includes(`"'=HYPERLINK`), csv);
});
