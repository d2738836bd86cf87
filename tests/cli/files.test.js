// The results file: what is accepted, who can read it, who can write to it, and how it is mended.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { thisProcess } from "../../cli/results/lock.ts";
import {
  FAST,
  lastRecords,
  recordsOf,
  RUNTIMES,
  statesOf,
  useCommand,
  usersList,
} from "../support/command.ts";

const cli = useCommand();

/** Runs bulk over three users. */
function bulk(output = "results.ndjson", more = [], options) {
  const list = cli.file("users.csv", usersList(3));
  return cli.run(["bulk", list, "-o", output, ...FAST, ...more], options);
}

describe("refused before anything is sent or written:", () => {
  for (const [what, prepare, message] of [
    ["the list itself", () => "users.csv", "is the list of users itself"],
    [
      "a link to the list",
      () => {
        symlinkSync("users.csv", cli.file("link"));
        return "link";
      },
      "is the list of users itself",
    ],
    [
      "the list under another name",
      () => {
        linkSync(cli.file("users.csv", usersList(3)), cli.file("other"));
        return "other";
      },
      "is the list of users itself",
    ],
    [
      "a pipe",
      () => {
        execFileSync("mkfifo", [cli.file("pipe")]);
        return "pipe";
      },
      "is not a regular file",
    ],
    ["/dev/stdout", () => "/dev/stdout", /is not a regular file|no such device/],
    ["/dev/null", () => "/dev/null", "is not a regular file"],
    [
      "a folder",
      () => {
        mkdirSync(cli.file("folder"));
        return "folder";
      },
      "illegal operation on a directory",
    ],
    [
      "a file of something else",
      () => cli.file("letter", "Dear Ada,\n"),
      "line 1 is not a result of this command",
    ],
    [
      "a file of one line without its end",
      () => cli.file("notes", "Dear Ada"),
      "line 1 is not a result of this command",
    ],
    [
      "a list in NDJSON of one line without its end",
      () => cli.file("list", '{"user_id":"user_1"}'),
      "line 1 is not a result of this command",
    ],
    [
      "a list in NDJSON",
      () => cli.file("list", '{"user_id":"user_1"}\n'),
      "line 1 is not a result of this command",
    ],
  ]) {
    test(what, async () => {
      const output = prepare();
      const path = cli.file(output.replace(cli.dir, ""));
      const isFile = existsSync(path) && statSync(path).isFile();
      if (isFile) chmodSync(path, 0o644);
      const before = isFile && readFileSync(path, "utf8");
      const { code, stderr } = await bulk(output);
      assert.ok([1, 2].includes(code));
      assert.match(stderr, typeof message === "string" ? new RegExp(message) : message);
      assert.equal(stderr.match(/\n/g).length, 1, "one line");
      assert.deepEqual(await cli.control.requests(), []);
      if (!isFile) return;
      assert.equal(readFileSync(path, "utf8"), before);
      assert.equal(statSync(path).mode & 0o777, 0o644);
    });
  }
});

test("the results file as standard input is refused", async () => {
  const path = cli.file("results.ndjson", "");
  const stdio = [openSync(path, "r"), "pipe", "pipe"];
  const { code, stderr } = await cli.run(["bulk", "-", "-o", path], { stdio });
  assert.equal(code, 2);
  assert.match(stderr, /is the list of users itself/);
});

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`a file that others may read becomes private, in ${name}`, async () => {
    const path = cli.file("results.ndjson", "");
    chmodSync(path, 0o666);
    assert.equal((await bulk(path, [], { runtime })).code, 0);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });
}

describe("the last line", () => {
  const at = "2026-01-01T00:00:00.000Z";
  const line = (record) => `${JSON.stringify({ ...record, at })}\n`;
  const begun =
    line({ user_id: "user_0", state: "created", token_id: "sit_0", url: "https://x" }) +
    line({ user_id: "user_1", state: "sending" });
  const created = line({
    user_id: "user_1",
    state: "created",
    token_id: "sit_1",
    url: "https://y",
  });

  test("that broke off is kept as a note, its user is unknown, and the next record is complete", async () => {
    const path = cli.file("results.ndjson", begun + created.slice(0, 50));
    const { code, stderr } = await bulk();
    assert.equal(code, 1);
    assert.match(
      stderr,
      /2 created \(1 now\), 0 failed, 1 unknown[^]*unknown user_1: the run ended/,
    );
    assert.deepEqual(statesOf(path), { created: 2, unknown: 1 });
    const records = recordsOf(path);
    assert.deepEqual(records[2], { problem: "this line broke off", text: created.slice(0, 50) });
    assert.deepEqual(
      records.filter(({ user_id }) => user_id === "user_2").map(({ state }) => state),
      ["sending", "created"],
    );
    assert.equal((await cli.control.tokens()).length, 1);
  });

  test("that broke off is kept as a note if it is alone", async () => {
    const text = line({ user_id: "user_1", state: "sending" }).slice(0, 30);
    for (const broken of [text, "{"]) {
      const path = cli.file("results.ndjson", broken);
      assert.equal((await bulk()).code, 0);
      assert.deepEqual(recordsOf(path)[0], { problem: "this line broke off", text: broken });
    }
  });

  test("without a line end counts", async () => {
    const path = cli.file("results.ndjson", begun + created.slice(0, -1));
    assert.equal((await bulk()).code, 0);
    assert.deepEqual(statesOf(path), { created: 3 });
    assert.equal(lastRecords(path).get("user_1").url, "https://y");
  });

  test("that broke off within a character is also kept", async () => {
    const path = cli.file("results.ndjson", begun);
    appendFileSync(path, Buffer.from('{"user_id":"é').subarray(0, -1));
    assert.equal((await bulk()).code, 1);
    assert.deepEqual(statesOf(path), { created: 2, unknown: 1 });
  });
});

test("an unusable row is recorded once, however often the command runs", async () => {
  const list = cli.file("users.csv", "oops\nuser_1\n");
  for (let n = 0; n < 3; n++) await cli.run(["bulk", list, "-o", "results.ndjson", ...FAST]);
  const notes = recordsOf(cli.file("results.ndjson")).filter(({ problem }) => problem);
  assert.deepEqual(notes, [{ line: 1, problem: "not a user ID: those begin with user_" }]);
});

/** A process that has ended: no process has such a number. */
const ENDED = { ...thisProcess(), pid: 2 ** 22 + 1 };

describe("the lock", () => {
  const lock = () => cli.file("results.ndjson.lock");

  test("keeps a second process out while the first runs, and is removed at its end", async () => {
    // It runs until its list ends.
    const first = cli.start(["bulk", "-", "-o", "results.ndjson", ...FAST]);
    first.child.stdin.write(usersList(1));
    while ((await cli.control.requests()).length < 1) await sleep(20);
    const others = [
      ["bulk", cli.file("two.csv", usersList(2)), "-o", "results.ndjson"],
      ["revoke", "--from", "results.ndjson"],
    ];
    for (const { code, stderr } of await Promise.all(others.map((args) => cli.run(args)))) {
      assert.equal(code, 1);
      const { pid } = first.child;
      assert.match(
        stderr,
        new RegExp(`results\\.ndjson is in use: process ${pid} on .* writes to it`),
      );
    }
    first.child.stdin.end();
    assert.equal((await first.ended).code, 0);
    assert.deepEqual(
      readdirSync(cli.dir).filter((name) => name.includes("lock")),
      [],
    );
  });

  test("is the same for a link to the file", async () => {
    cli.file("results.ndjson", "");
    symlinkSync("results.ndjson", cli.file("link"));
    cli.file("results.ndjson.lock", JSON.stringify({ ...thisProcess(), run: "x" }));
    const { code, stderr } = await bulk("link");
    assert.equal(code, 1);
    assert.match(stderr, /is in use/);
  });

  for (const [what, owner, isStale] of [
    ["of a process that ended is taken over", ENDED, true],
    [
      "of a process whose number another process has now is taken over",
      { ...thisProcess(), started: "1" },
      true,
    ],
    ["of a running process is not", thisProcess(), false],
    ["of another machine is not", { ...ENDED, host: "elsewhere" }, false],
    ["of another container is not", { ...ENDED, namespace: "pid:[1]" }, false],
    [
      "of a machine that was restarted, or has the same name, is not",
      { ...ENDED, boot: "x" },
      false,
    ],
    ["that is not readable is not", undefined, false],
  ]) {
    test(what, async () => {
      writeFileSync(lock(), owner ? `${JSON.stringify({ ...owner, run: "x" })}\n   ` : "");
      const { code, stderr } = await bulk();
      assert.equal(code, isStale ? 0 : 1, stderr);
      if (isStale) assert.ok(!existsSync(lock()));
      else assert.match(stderr, /is in use.* delete .*results\.ndjson\.lock\./);
    });
  }

  test("of a killed process is taken over by one of many", async () => {
    for (let round = 0; round < 4; round++) {
      await cli.control.reset();
      const list = cli.file("users.csv", usersList(300, round * 1000));
      const dead = cli.start(["bulk", list, "-o", "results.ndjson", "--rate-limit", "1000"]);
      while ((await cli.control.tokens()).length < 5) await sleep(10);
      dead.child.kill("SIGKILL");
      await dead.ended;
      assert.ok(existsSync(lock()));
      const rivals = Array.from({ length: 6 }, () =>
        cli.run(["bulk", list, "-o", "results.ndjson", "--rate-limit", "1000"]),
      );
      const codes = (await Promise.all(rivals)).map(({ stderr }) => /in use/.test(stderr));
      assert.ok(
        codes.some((isOut) => !isOut),
        "one of them gets it",
      );
      await cli.run(["bulk", list, "-o", "results.ndjson", ...FAST]);
      const tokens = await cli.control.tokens();
      assert.equal(new Set(tokens.map(({ user_id }) => user_id)).size, tokens.length);
    }
  });
});

test("two processes at once create one token for each user", async () => {
  const args = ["bulk", "-", "-o", "results.ndjson", "--rate-limit", "2000"];
  const both = [cli.start(args), cli.start(args)];
  // The list of each stays open until one of them has ended: none is done before the other starts.
  for (const { child } of both) child.stdin.on("error", () => {}).write(usersList(100));
  const inTime = sleep(60_000, undefined, { ref: false });
  await Promise.race([...both.map((running) => running.ended), inTime]);
  for (const { child } of both) child.stdin.end();
  const ended = await Promise.all(both.map((running) => running.ended));
  assert.deepEqual(ended.map(({ code }) => code).sort(), [0, 1]);
  assert.equal((await cli.control.tokens()).length, 100);
  assert.deepEqual(statesOf(cli.file("results.ndjson")), { created: 100 });
});

test("with a folder that cannot be written to, nothing is sent", async () => {
  const { code, stderr } = await bulk("/proc/results.ndjson");
  assert.equal(code, 1);
  assert.match(stderr, /^error: \/proc\/results\.ndjson: no such file or directory\n$/);
  assert.deepEqual(await cli.control.requests(), []);
});
