// bulk: the tokens it creates, its messages and its exit codes.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import Papa from "papaparse";

import {
  deserted,
  FAST,
  lastRecords,
  recordsOf,
  RUNTIMES,
  statesOf,
  useCommand,
  usersList,
} from "../support/command.ts";

const cli = useCommand();

/** Runs bulk over a list, with `more` arguments. */
function bulk(text, more = [], options) {
  const list = cli.file("users.csv", text);
  return cli.run(["bulk", list, "--output", "results.ndjson", ...FAST, ...more], options);
}

const results = () => cli.file("results.ndjson");

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`creates many tokens, and names each unusable row, in ${name}`, async () => {
    const list = "\uFEFFuser_id,org_id\r\nuser_1,org_1\r\n\r\nnobody,\r\nuser_2,\r\nuser_1,\r\n";
    const { code, stdout, stderr } = await bulk(list, [], { runtime });
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /line 4: not a user ID[^]*line 6: the same user/);
    assert.match(stderr, /: 2 created \(2 now\), 0 failed, 0 unknown, 2 rows not usable\n/);
    assert.deepEqual(statesOf(results()), { created: 2 });
    const tokens = await cli.control.tokens();
    for (const { id, url, token, user_id, created_at } of tokens) {
      const record = lastRecords(results()).get(user_id);
      assert.deepEqual([record.token_id, record.url, record.token], [id, url, token]);
      assert.deepEqual(
        [record.created_at, record.expires_at],
        [created_at, created_at + 2_592_000_000],
      );
    }
    assert.equal(statSync(results()).mode & 0o077, 0, "nobody else may read the links");
  });

  test(`reads standard input, in ${name}`, async () => {
    const args = ["bulk", "-", "-o", "results.ndjson", ...FAST];
    const program = cli.start(args, { runtime });
    program.child.stdin.end(usersList(50));
    assert.equal((await program.ended).code, 0);
    assert.deepEqual(statesOf(results()), { created: 50 });
  });

  test(`ends on the first Ctrl-C while standard input is idle, in ${name}`, async () => {
    const program = cli.start(["bulk", "-", "-o", "results.ndjson", ...FAST], { runtime });
    program.child.stdin.write(usersList(5));
    while ((await cli.control.tokens()).length < 5) await sleep(20);
    program.child.kill("SIGINT");
    const { code, stderr } = await program.ended;
    assert.equal(code, 130);
    assert.match(stderr, /Not finished\. Run the same command again to continue\./);
  });
}

test("Clerk's own export is a list", async () => {
  const list =
    "id,first_name,last_name,username,primary_email_address,password_digest\nuser_2a,Ada,,,ada@example.com,$2a$10$\n";
  assert.equal((await bulk(list)).code, 0);
  assert.deepEqual(statesOf(results()), { created: 1 });
});

describe("the summary covers the whole results file", () => {
  test("a user who is unknown stays unknown, and is named again", async () => {
    await cli.control.fault({ operation: "create", drop: "answer", effect: true, times: 2 });
    const first = await bulk(usersList(10));
    const second = await bulk(usersList(10));
    for (const { code, stderr } of [first, second]) {
      assert.equal(code, 1);
      assert.match(stderr, /8 created \(\d now\), 0 failed, 2 unknown/);
      assert.match(
        stderr,
        /unknown user_\d: no answer from 127[^]*unknown user_\d[^]*Application Logs/,
      );
      assert.match(stderr, /--retry-unknown/);
    }
    assert.equal((await cli.control.requests()).length, 10, "nobody was tried again");
    // With another list, the file still has the two.
    assert.equal((await bulk(usersList(1, 20))).code, 1);
  });

  test("--retry-unknown creates a token for unknown users, and warns", async () => {
    await cli.control.fault({ operation: "create", drop: "answer", effect: true });
    await bulk(usersList(3));
    const { code, stderr } = await bulk(usersList(3), ["--retry-unknown"]);
    assert.equal(code, 0);
    assert.match(stderr, /^warning: --retry-unknown may create a second token/);
    assert.deepEqual(statesOf(results()), { created: 3 });
    assert.equal((await cli.control.tokens()).length, 4);
  });

  test("a failed --retry-unknown leaves users unknown: they may still have a token", async () => {
    await cli.control.fault({ operation: "create", drop: "answer", effect: true });
    await bulk(usersList(1));
    for (const [status, env] of [
      [422, {}],
      [401, {}],
      [undefined, { CLERK_API_URL: await deserted() }],
    ]) {
      if (status) await cli.control.fault({ operation: "create", status, body: { errors: [] } });
      assert.equal((await bulk(usersList(1), ["--retry-unknown"], { env })).code, 1);
      assert.deepEqual(statesOf(results()), { unknown: 1 });
    }
    const before = (await cli.control.requests()).length;
    await bulk(usersList(1));
    assert.equal((await cli.control.requests()).length, before);
  });

  test("--retry-failed without a request leaves users failed", async () => {
    await cli.control.fault({ operation: "create", status: 422, body: { errors: [] } });
    await bulk(usersList(1));
    await cli.control.fault({ operation: "create", status: 401, body: { errors: [] } });
    await bulk(usersList(1), ["--retry-failed"]);
    assert.deepEqual(statesOf(results()), { failed: 1 });
  });

  test("only --retry-failed retries users who failed", async () => {
    await cli.control.fault({
      operation: "create",
      status: 422,
      body: { errors: [{ code: "x", message: "no", long_message: "Not now." }] },
    });
    const first = await bulk(usersList(3));
    assert.equal(first.code, 1);
    assert.match(first.stderr, /2 created \(2 now\), 1 failed[^]*failed user_\d: Not now\n/);
    assert.equal((await bulk(usersList(3))).code, 1);
    assert.equal((await cli.control.requests()).length, 3);
    assert.equal((await bulk(usersList(3), ["--retry-failed"])).code, 0);
    assert.deepEqual(statesOf(results()), { created: 3 });
  });

  test("many failures are named in a few lines", async () => {
    await cli.control.fault({ operation: "create", status: 404, body: { errors: [] }, times: 50 });
    const { stderr } = await bulk(usersList(50));
    assert.match(stderr, /0 created \(0 now\), 50 failed[^]*and 47 more failed/);
    assert.ok(stderr.split("\n").length < 10, stderr);
  });
});

for (const [status, body] of [
  [
    401,
    { errors: [{ code: "clerk_key_invalid", message: "x", long_message: "The key is invalid." }] },
  ],
  [403, { errors: [] }],
]) {
  test(`a key refused with ${status} stops the run with one message`, async () => {
    await cli.control.fault({ operation: "create", status, body, times: 2000 });
    const { code, stderr } = await bulk(usersList(2000));
    assert.equal(code, 1);
    assert.equal(stderr.match(/refused the secret key/g).length, 1);
    assert.match(stderr, new RegExp(`error: Clerk refused the secret key \\(${status}\\)`));
    assert.match(stderr, /0 failed, 0 unknown/);
    assert.ok((await cli.control.requests()).length <= 40);
    await cli.control.clearFaults();
    const next = await bulk(usersList(2000), ["--quiet"]);
    assert.deepEqual([next.code, next.stderr], [0, ""]);
    assert.deepEqual(statesOf(results()), { created: 2000 });
  });
}

test("without a connection nothing is sent, and nobody is unknown", async () => {
  const { code } = await bulk(usersList(3), [], { env: { CLERK_API_URL: await deserted() } });
  assert.equal(code, 1);
  assert.deepEqual(statesOf(results()), { not_sent: 3 });
  assert.equal((await bulk(usersList(3))).code, 0);
});

test("a user for whom the rate limit never let up is sent again by the next run", async () => {
  const refusal = { status: 429, headers: { "retry-after": "0" }, body: { errors: [] } };
  await cli.control.fault({ operation: "create", ...refusal, times: 11 });
  const { code, stderr } = await bulk(usersList(1));
  assert.equal(code, 1);
  assert.match(stderr, /0 failed, 0 unknown, 1 not sent[^]*Run the same command again/);
  assert.deepEqual(statesOf(results()), { not_sent: 1 });
  assert.equal((await bulk(usersList(1))).code, 0);
});

describe("--format csv", () => {
  const rows = () => Papa.parse(readFileSync(cli.file("results.ndjson.csv"), "utf8")).data;

  test("has the list's own columns and the result of each row, in the list's order", async () => {
    const list =
      'id,email,state,password_digest,note\nuser_1,ada@example.com,TX,$2a$10$x,"a, ""b""\nc"\noops,b@example.com,,$2a$10$y,\nuser_2,c@example.com,,,\nuser_1,d@example.com,,,\n';
    await cli.control.fault({ operation: "create", status: 404, body: { errors: [] }, times: 1 });
    const { code, stderr } = await bulk(list, ["--format", "csv", "--concurrency", "1"]);
    assert.equal(code, 1);
    assert.match(stderr, /results\.ndjson\.csv: the same as CSV/);
    const [header, ...cells] = rows();
    assert.deepEqual(header.slice(0, 6), [
      "email",
      "input_state",
      "note",
      "line",
      "user_id",
      "state",
    ]);
    const { user_2 } = Object.fromEntries(lastRecords(results()));
    assert.deepEqual(
      cells.slice(0, 4).map((row) => row.slice(0, 7)),
      [
        ["ada@example.com", "TX", 'a, "b"\nc', "2", "user_1", "failed", ""],
        ["b@example.com", "", "", "4", "oops, b@example.com, , ", "not_usable", ""],
        ["c@example.com", "", "", "5", "user_2", "created", user_2.url],
        ["d@example.com", "", "", "6", "user_1", "not_usable", ""],
      ],
    );
    const text = readFileSync(cli.file("results.ndjson.csv"), "utf8");
    assert.ok(text.startsWith("\uFEFF") && !text.includes("$2a$"), "no password digest");
    assert.equal(statSync(cli.file("results.ndjson.csv")).mode & 0o077, 0);
  });

  test("contains no formula", async () => {
    const list = 'user_id,a,b,c,＝d\nuser_1,=HYPERLINK("x"),"=1\n+2","x",＝1\n';
    await bulk(list, ["--format", "csv"]);
    const cells = rows().flat();
    assert.ok(cells.includes("'＝1"));
    for (const cell of cells) assert.doesNotMatch(cell, /^\s*[=+\-@＝\t\r]/);
  });

  test("does not overwrite the list, and refuses standard input", async () => {
    const list = cli.file("results.ndjson.csv", "user_id\nuser_1\n");
    const same = await cli.run(["bulk", list, "-o", "results.ndjson", "--format", "csv"]);
    assert.deepEqual([same.code, readFileSync(list, "utf8")], [2, "user_id\nuser_1\n"]);
    const stdin = await cli.run(["bulk", "-", "-o", "results.ndjson", "--format", "csv"]);
    assert.equal(stdin.code, 2);
    assert.deepEqual(await cli.control.requests(), []);
  });
});

describe("revoke --from", () => {
  const revoke = (more = []) => cli.run(["revoke", "--from", "results.ndjson", ...FAST, ...more]);

  test("revokes the tokens of a run, and is idempotent", async () => {
    await bulk(usersList(30));
    const [one] = await cli.control.tokens();
    await cli.run(["revoke", one.id]);
    await cli.control.fault({ operation: "revoke", drop: "answer", effect: true, times: 3 });
    const { code, stderr } = await revoke();
    assert.equal(code, 0);
    assert.match(stderr, /30 tokens revoked \(30 now\), 0 not revoked/);
    assert.ok((await cli.control.tokens()).every(({ status }) => status === "revoked"));
    const before = (await cli.control.requests()).length;
    assert.equal((await revoke(["--quiet"])).stderr, "");
    assert.equal((await cli.control.requests()).length, before);
    assert.match((await bulk(usersList(30))).stderr, /0 created \(0 now\).*30 revoked/);
  });

  test("a 400 that is not Clerk's leaves the token for the next run", async () => {
    await bulk(usersList(1));
    await cli.control.fault({ operation: "revoke", status: 400, body: "<html>" });
    const { code, stderr } = await revoke();
    assert.equal(code, 1);
    assert.match(stderr, /0 tokens revoked \(0 now\), 1 not revoked/);
    assert.deepEqual(statesOf(results()), { created: 1 });
    assert.equal((await revoke()).code, 0);
    assert.equal((await cli.control.tokens())[0].status, "revoked");
  });

  test("continues after it was killed", async () => {
    await bulk(usersList(200));
    const program = cli.start(["revoke", "--from", "results.ndjson", "--rate-limit", "1000"]);
    const revoked = async () =>
      (await cli.control.tokens()).filter(({ status }) => status === "revoked").length;
    while ((await revoked()) < 20) await sleep(10);
    program.child.kill("SIGKILL");
    await program.ended;
    assert.equal((await revoke()).code, 0);
    assert.equal(await revoked(), 200);
    assert.deepEqual(statesOf(results()), { revoked: 200 });
  });

  test("says that the tokens of unknown users are not in the file", async () => {
    await cli.control.fault({ operation: "create", drop: "answer", effect: true });
    await bulk(usersList(2));
    const { code, stderr } = await revoke();
    assert.equal(code, 1);
    assert.match(stderr, /1 token revoked[^]*unknown user_\d[^]*not in the file/);
  });

  test("stops at a refused key", async () => {
    await bulk(usersList(100));
    await cli.control.fault({ operation: "revoke", status: 401, body: { errors: [] }, times: 100 });
    const { code, stderr } = await revoke();
    assert.equal(code, 1);
    assert.equal(stderr.match(/refused the secret key/g).length, 1);
    assert.match(
      stderr,
      /0 tokens revoked \(0 now\), 100 not revoked[^]*Run the same command again/,
    );
  });
});

test("a message of Clerk's with U+2028 is one line, also when a run continues", async () => {
  const body = { errors: [{ code: "x", message: "m", long_message: "one\u2028two" }] };
  await cli.control.fault({ operation: "create", status: 422, body });
  await bulk(usersList(1));
  assert.equal(recordsOf(results()).at(-1).error, "one\u2028two");
  const { code, stderr } = await bulk(usersList(1));
  assert.equal(code, 1);
  assert.match(stderr, /1 failed/);
});
