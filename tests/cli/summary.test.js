// What the command says of a run and of a results file: the summary as JSON, status, the question before a run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { COMMAND, FAST, statesOf, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();

const bulk = (count, more = [], options) =>
  cli.run(
    ["bulk", cli.file("users.csv", usersList(count)), "-o", "results.ndjson", ...FAST, ...more],
    options,
  );

test("--json prints the summary of a run, and nothing else, to standard output", async () => {
  await cli.control.fault({ operation: "create", drop: "answer", effect: true });
  const created = JSON.parse((await bulk(5, ["--json"])).stdout);
  const { results, created: number, unknown, now, users, complete } = created;
  assert.deepEqual(
    [results, number, unknown, now, users, complete],
    ["results.ndjson", 4, 1, 4, 5, false],
  );
  const args = ["revoke", "--from", "results.ndjson", ...FAST, "--json", "--quiet"];
  const revoked = JSON.parse((await cli.run(args)).stdout);
  assert.deepEqual([revoked.revoked, revoked.not_revoked, revoked.unknown], [4, 0, 1]);
});

describe("status", () => {
  const status = (more = []) =>
    cli.run(["status", "results.ndjson", ...more], { env: { CLERK_SECRET_KEY: "" } });

  test("counts the users in a results file without a key, and changes nothing", async () => {
    await bulk(3);
    const { code, stderr } = await status();
    assert.deepEqual([code, stderr], [0, "results.ndjson: 3 created, 0 failed, 0 unknown\n"]);
    const { created, complete } = JSON.parse((await status(["--json"])).stdout);
    assert.deepEqual([created, complete], [3, true]);
  });

  test("works while a run is active", async () => {
    await cli.control.fault({ operation: "create", delay: 600_000, times: 2 });
    const run = cli.start(["bulk", "-", "-o", "results.ndjson", ...FAST]);
    run.child.stdin.end(usersList(2));
    while ((await cli.control.requests()).length < 2) await sleep(20);
    const { code, stderr } = await status();
    assert.equal(code, 1);
    assert.match(stderr, /0 created, 0 failed, 0 unknown, 2 sending\n/);
    await cli.control.release();
    assert.equal((await run.ended).code, 0);
  });

  test("names tokens that have expired, as a dry run does", async () => {
    const record = { user_id: "user_1", state: "created", token_id: "sit_1", expires_at: 1000 };
    cli.file("results.ndjson", `${JSON.stringify(record)}\n`);
    const { code, stderr } = await status();
    assert.equal(code, 1);
    assert.match(stderr, /1 created, 0 failed, 0 unknown, 1 token expired\n/);
    assert.match(stderr, /For new ones, revoke those by revoke --from/);
    const { expired, complete } = JSON.parse((await status(["--json"])).stdout);
    assert.deepEqual([expired, complete], [1, false]);
    const list = cli.file("users.csv", usersList(1));
    const planned = await cli.run(["bulk", list, "-o", "results.ndjson", "--dry-run"]);
    assert.match(planned.stderr, /1 user, 1 token expired; /);
  });

  test("refuses what is no results file", async () => {
    cli.file("results.ndjson", "Dear Ada,\n");
    const { code, stderr } = await status();
    assert.equal(code, 1);
    assert.match(stderr, /line 1 is not a result of this command/);
  });
});

test("a second interrupt says what becomes of the requests in flight", async () => {
  await cli.control.fault({ operation: "create", delay: 60_000 });
  const program = cli.start(["bulk", "-", "-o", "results.ndjson"]);
  program.child.stdin.write(usersList(1));
  while ((await cli.control.requests()).length < 1) await sleep(20);
  program.child.kill("SIGINT");
  while (!program.stderr.includes("Stopping")) await sleep(20);
  // A sooner one may be the same key press.
  await sleep(600);
  program.child.kill("SIGINT");
  const { code, stderr } = await program.ended;
  assert.equal(code, 130);
  assert.match(
    stderr,
    /1 request not awaited: .* "sending" in results\.ndjson, and unknown to the next run/,
  );
});

test("a crash leaves the users in flight as sending: they may have a token", async () => {
  const preload = cli.file(
    "fail.mjs",
    `const { replace } = String.prototype;
    String.prototype.replace = function (pattern, text) {
      if (pattern?.source === "\\\\.$") throw new TypeError("broken");
      return replace.call(this, pattern, text);
    };`,
  );
  const env = { NODE_OPTIONS: `--import=${preload}` };
  await cli.control.fault({ operation: "create", delay: 600_000, times: 4 });
  await cli.control.fault({ operation: "create", status: 422, body: { errors: [] } });
  const { code, stderr } = await bulk(5, [], { env });
  assert.notEqual(code, 0);
  assert.match(stderr, /TypeError: broken/);
  assert.deepEqual(statesOf(cli.file("results.ndjson")), { sending: 5 });
  await cli.control.release();
  assert.match((await bulk(5)).stderr, /0 created \(0 now\), 0 failed, 5 unknown/);
});

test("an interrupted revoke of several tokens waits for the answers, and sends nothing more", async () => {
  await cli.control.fault({
    operation: "revoke",
    delay: 600_000,
    status: 404,
    body: { errors: [] },
  });
  const args = ["revoke", "sit_1", "sit_2", "sit_3", "--concurrency", "1"];
  const program = cli.start(args);
  while ((await cli.control.requests()).length < 1) await sleep(20);
  program.child.kill("SIGINT");
  while (!program.stderr.includes("Stopping")) await sleep(20);
  await cli.control.release();
  assert.equal((await program.ended).code, 130);
  assert.equal((await cli.control.requests()).length, 1);
});

const isScriptMissing = spawnSync("script", ["--version"]).status !== 0;

describe("at a terminal", { skip: isScriptMissing && "script of util-linux is missing" }, () => {
  const start = (args, env) => {
    const shell = ["node", COMMAND, ...args].map((word) => `'${word}'`).join(" ");
    const script = ["script", "--quiet", "--return", "--log-out", "/dev/null", "--command", shell];
    return cli.spawn(script, { env });
  };
  const args = () => ["bulk", cli.file("users.csv", usersList(3)), "-o", "results.ndjson", ...FAST];

  for (const [answer, code, requests] of [
    ["n\r", 1, 0],
    ["y\r", 1, 1],
  ]) {
    test(`a run for a production instance asks first: ${JSON.stringify(answer)}`, async () => {
      await cli.control.fault({ status: 401, body: { errors: [] }, times: 3 });
      const program = start([...args(), "--concurrency", "1"], { CLERK_SECRET_KEY: "sk_live_x" });
      while (!program.stdout.includes("[y/N]")) await sleep(20);
      assert.match(program.stdout, /Create tokens for up to 3 users in the production instance\?/);
      assert.deepEqual(await cli.control.requests(), []);
      program.child.stdin.write(answer);
      assert.equal((await program.ended).code, code);
      assert.equal((await cli.control.requests()).length, requests);
    });
  }

  test("--yes does not ask, and a development instance neither", async () => {
    await cli.control.fault({ status: 401, body: { errors: [] }, times: 3 });
    const live = start([...args(), "--yes"], { CLERK_SECRET_KEY: "sk_live_x" });
    assert.doesNotMatch((await live.ended).stdout, /\[y\/N\]/);
    await cli.control.clearFaults();
    assert.equal((await start(args()).ended).code, 0);
  });

  test("that is dumb gets plain lines", async () => {
    const { code, stdout } = await start(args(), { TERM: "dumb" }).ended;
    assert.equal(code, 0);
    assert.equal(stdout, "results.ndjson: 3 created (3 now), 0 failed, 0 unknown\r\n");
  });
});
