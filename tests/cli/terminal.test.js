// The output of the command in a terminal of 80 and of 40 columns, and without a terminal.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, mock, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { format, showProgress } from "../../cli/progress.ts";
import { Terminal } from "../../cli/terminal.ts";
import { COMMAND, FAST, useCommand, usersList } from "../support/command.ts";
import { holdAfter } from "../support/hold-after.ts";

const cli = useCommand();

/** The sequence that erases a line of a terminal. */
const ERASE = "\u001B[2K";

/** Starts the command in a pseudo-terminal, whose output is `stdout`. */
function startAtTerminal(args, { columns = 80, ...options } = {}) {
  const words = ["node", COMMAND, ...args].map((word) => `'${word}'`).join(" ");
  const shell = `stty cols ${columns} rows 24; exec ${words}`;
  const script = ["script", "--quiet", "--return", "--log-out", "/dev/null", "--command", shell];
  return cli.spawn(script, options);
}

const atTerminal = (args, options) => startAtTerminal(args, options).ended;

/** Returns the text that stays on the screen, without the lines that were redrawn. */
function screenOf(output) {
  return output
    .split("\r\n")
    .map((line) => line.split(`\r${ERASE}`).at(-1))
    .join("\n");
}

const isScriptMissing = spawnSync("script", ["--version"]).status !== 0;

describe("in a terminal", { skip: isScriptMissing && "script of util-linux is missing" }, () => {
  /** Returns each progress line that was drawn of a list of 302 lines. */
  const progressIn = (output) =>
    output
      .split(/[\r\n]+/)
      .map((line) => line.replace(ERASE, ""))
      .filter((line) => line.includes("/302"));

  for (const columns of [80, 40]) {
    test(`of ${columns} columns, the progress fits and messages stand above it`, async () => {
      await cli.control.fault({ operation: "create", status: 404, body: { errors: [] }, times: 3 });
      const list = cli.file("users.csv", `oops\n${usersList(300)}oops\n`);
      await holdAfter(150, cli.control);
      const program = startAtTerminal(["bulk", list, "-o", "r.ndjson", ...FAST], { columns });
      while ((await cli.control.requests()).length < 3 + 150 + 20) await sleep(20);
      const { length } = progressIn(program.stdout);
      while (progressIn(program.stdout).length < length + 3) await sleep(20);
      await cli.control.release();
      const { code, stdout } = await program.ended;
      assert.equal(code, 1);
      const progress = progressIn(stdout);
      for (const line of progress) assert.ok(line.length < columns, line);
      const shares = progress.map((line) => Number(line.match(/(\d+)%/)[1]));
      assert.ok(
        shares.every((share, n) => n === 0 || share >= shares[n - 1]),
        String(shares),
      );
      assert.ok(
        shares.some((share) => share > 0 && share < 90),
        "it shows work done, not bytes read",
      );
      assert.ok(
        progress.some((line) => /\d\/s/.test(line) && (columns < 80 || /ETA \d+s/.test(line))),
      );
      const screen = screenOf(stdout);
      assert.match(screen, /^.*warning:.*line 1: not a user ID.*\n/, "not overwritten");
      assert.match(
        screen,
        /line 302: not a user ID[^]*302\/302 {2}100%.*3 failed\n[^]*r\.ndjson: 297 created/,
      );
    });
  }

  test("colors are for terminals without NO_COLOR", async () => {
    const args = ["create", "nobody", "--json"];
    assert.match((await atTerminal(args)).stdout, /^.\[31merror: .\[39mnot found/);
    const env = { NO_COLOR: "1" };
    assert.match((await atTerminal(args, { env })).stdout, /^error: not found/);
    assert.match((await cli.run(args)).stderr, /^error: not found/);
  });

  test("create shows the link", async () => {
    const { stdout } = await atTerminal(["create", "user_1"]);
    const [{ id, url }] = await cli.control.tokens();
    assert.equal(stdout, `${id} signs user_1 in:\r\n${url}\r\n`);
  });

  test("--quiet shows nothing if all is well", async () => {
    const list = cli.file("users.csv", usersList(50));
    const { code, stdout } = await atTerminal(["bulk", list, "-o", "r.ndjson", "--quiet"]);
    assert.deepEqual([code, stdout], [0, ""]);
  });

  test("Ctrl-C says how to continue", async () => {
    const list = cli.file("users.csv", usersList(200));
    await holdAfter(50, cli.control);
    const program = startAtTerminal(["bulk", list, "-o", "r.ndjson", ...FAST]);
    while (!program.stdout.includes("50/200")) await sleep(20);
    program.child.stdin.write("\u0003");
    while (!program.stdout.includes("Stopping")) await sleep(20);
    await cli.control.release();
    const { code, stdout } = await program.ended;
    assert.equal(code, 130);
    assert.match(
      screenOf(stdout),
      /Stopping[^]*Not finished\. Run the same command again to continue\./,
    );
  });

  for (const [what, fault, said] of [
    ["a refusal", { status: 429, headers: { "retry-after": "600" } }, /rate limit/],
    ["an outage", { drop: "answer" }, /no answer from 127\.0\.0\.1:\d+ \(.+\)/],
  ]) {
    test(`${what} is named, with the time of the next request`, async () => {
      await cli.control.fault({ operation: "create", status: 404, body: { errors: [] } });
      await cli.control.fault({ operation: "create", ...fault, times: 1000 });
      const args = ["bulk", cli.file("users.csv", usersList(100)), "-o", "r.ndjson", ...FAST];
      const program = startAtTerminal([...args, "--concurrency", "1"], { columns: 200 });
      const note = new RegExp(`${said.source}, next try at \\d\\d:\\d\\d:\\d\\d`);
      while (!note.test(program.stdout)) await sleep(20);
      program.child.stdin.write("\u0003");
      assert.equal((await program.ended).code, 130);
    });
  }

  test("a message of Clerk's does not control the terminal", async () => {
    const body = {
      errors: [{ code: "x", message: "m", long_message: "\u001B[2J\u0007bad\rgood" }],
    };
    await cli.control.fault({ operation: "create", status: 422, body });
    const { stdout } = await atTerminal(["create", "user_1", "--json"]);
    assert.match(stdout, /error:.* \[2J bad good/);
  });
});

test("without a terminal, no line is redrawn or blank", async () => {
  const list = cli.file("users.csv", usersList(100));
  const { stderr } = await cli.run(["bulk", list, "-o", "r.ndjson", "--rate-limit", "2500"]);
  assert.equal(stderr, "r.ndjson: 100 created (100 now), 0 failed, 0 unknown\n");
});

/** Returns a stream that keeps what is written. */
function fakeStream(properties) {
  const stream = { text: "", write: (text) => (stream.text += text), ...properties };
  return stream;
}

test("without a terminal, a plain line comes every 30 seconds", () => {
  mock.timers.enable({ apis: ["setInterval"] });
  const stream = fakeStream({});
  const state = { done: 0, total: 2000, sent: 0, failed: 0, unknown: 0 };
  const stop = showProgress(new Terminal({ stream, env: {} }), () => state);
  mock.timers.tick(29_000);
  assert.equal(stream.text, "");
  Object.assign(state, { done: 1000, sent: 1000, failed: 2 });
  mock.timers.tick(1000);
  assert.match(stream.text, /^1,000\/2,000 {2}50%.* {2}2 failed\n$/);
  mock.timers.tick(30_000);
  assert.equal(stream.text.match(/\n/g).length, 2);
  stop();
  mock.timers.tick(60_000);
  assert.equal(stream.text.match(/\n/g).length, 2);
  mock.timers.reset();
});

for (const [width, state, rate, line] of [
  [79, { done: 500, total: 2000, failed: 0, unknown: 0 }, 98, "500/2,000  25%  98/s  ETA 16s"],
  [
    79,
    { done: 500, total: 2000, failed: 3, unknown: 2 },
    98,
    "500/2,000  25%  98/s  ETA 16s  3 failed  2 unknown",
  ],
  // In a pause, the reason and the next try stand in the place of the times.
  [
    79,
    { done: 500, total: 2000, failed: 3, unknown: 2, note: "rate limit, next try at 10:00:00" },
    98,
    "500/2,000  25%  rate limit, next try at 10:00:00  3 failed  2 unknown",
  ],
  [
    39,
    { done: 500, total: 2000, failed: 3, unknown: 2 },
    98,
    "500/2,000  25%  3 failed  2 unknown",
  ],
  [39, { done: 500, total: 2000, failed: 0, unknown: 0 }, 98, "500/2,000  25%  98/s  ETA 16s"],
  [
    39,
    { done: 999_999, total: 1_000_000, failed: 0, unknown: 0 },
    0.5,
    "999,999/1,000,000  99%  0.5/s  ETA 2s",
  ],
  [
    79,
    { done: 100_000, total: 1_000_000, failed: 0, unknown: 0 },
    98,
    "100,000/1,000,000  10%  98/s  ETA 2h33m",
  ],
  [79, { done: 7, failed: 0, unknown: 0 }, 0, "7 done"],
  [5, { done: 500, total: 2000, failed: 0, unknown: 0 }, 98, "500/2"],
  [79, { done: 0, total: 0, failed: 0, unknown: 0 }, 0, "0/0"],
]) {
  test(`progress: ${line}`, () => assert.equal(format(state, rate, width), line));
}
