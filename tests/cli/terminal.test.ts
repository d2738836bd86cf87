// The output of the command in a terminal of 80 and of 40 columns, and without a terminal.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, mock, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { format, showProgress } from "../../cli/progress.ts";
import { Terminal } from "../../cli/terminal.ts";
import { BULK, COMMAND, useCommand, usersList } from "../support/command.ts";
import { holdAfter } from "../support/hold-after.ts";

const cli = useCommand();

/** The sequence that erases a line of a terminal. */
const ERASE = "\u001B[2K";

/** Starts the command in a pseudo-terminal, whose output is `stdout`. */
function startAtTerminal(args: string[], env: NodeJS.ProcessEnv = {}, columns = 80) {
  const words = ["node", COMMAND, ...args].map((word) => `'${word}'`).join(" ");
  const shell = `stty cols ${columns} rows 24; exec ${words}`;
  const script = ["script", "--quiet", "--return", "--log-out", "/dev/null", "--command", shell];
  return cli.spawn(script, { env });
}

/** Returns the text that stays on the screen, without the lines that were redrawn. */
function screenOf(output: string) {
  const lines = output.split("\r\n").map((line) => line.split(`\r${ERASE}`).at(-1));
  return lines.join("\n");
}

/** Returns each progress line that was drawn of a list of 302 lines. */
function progressIn(output: string) {
  const lines = output.split(/[\r\n]+/).map((line) => line.replace(ERASE, ""));
  return lines.filter((line) => line.includes("/302"));
}

const isScriptMissing = spawnSync("script", ["--version"]).status !== 0;

describe("in a terminal", { skip: isScriptMissing && "script of util-linux is missing" }, () => {
  for (const columns of [80, 40]) {
    test(`of ${columns} columns, the progress fits and messages stand above it`, async () => {
      await cli.control.fault({ operation: "create", status: 404, body: { errors: [] }, times: 3 });
      cli.file("users.csv", `oops\n${usersList(300)}oops\n`);
      await holdAfter(150, cli.control);
      const program = startAtTerminal(BULK, {}, columns);
      await cli.control.arrived(3 + 150 + 20);
      const { length } = progressIn(program.stdout);
      while (progressIn(program.stdout).length < length + 3) await sleep(20);
      await cli.control.release();
      const { code, stdout } = await program.ended;
      assert.equal(code, 1);
      const progress = progressIn(stdout);
      for (const line of progress) assert.ok(line.length < columns, line);
      const shares = progress.map((line) => Number(line.match(/(\d+)%/)?.[1]));
      assert.deepEqual(
        shares,
        shares.toSorted((a, b) => a - b),
      );
      assert.ok(
        shares.some((share) => share > 0 && share < 90),
        "work done, not bytes read",
      );
      const isTimed = (line: string) =>
        /\d\/s/.test(line) && (columns < 80 || /ETA \d+s/.test(line));
      assert.ok(progress.some(isTimed));
      const screen = screenOf(stdout);
      assert.match(screen, /^.*warning:.*line 1: not a user ID.*\n/, "not overwritten");
      assert.match(
        screen,
        /line 302: not a user ID[^]*302\/302 {2}100%.*3 failed\n[^]*: 297 created/,
      );
    });
  }

  test("colors are for terminals without NO_COLOR", async () => {
    const args = ["create", "nobody", "--json"];
    const { stdout } = await startAtTerminal(args).ended;
    assert.match(stdout, /^.\[31merror: .\[39mnot found/);
    const plain = await startAtTerminal(args, { NO_COLOR: "1" }).ended;
    assert.match(plain.stdout, /^error: not found/);
    assert.match((await cli.run(args)).stderr, /^error: not found/);
  });

  test("create shows the link", async () => {
    const { stdout } = await startAtTerminal(["create", "user_1"]).ended;
    const [{ id, url }] = await cli.control.tokens();
    assert.equal(stdout, `${id} signs user_1 in:\r\n${url}\r\n`);
  });

  for (const [what, args, env, expected] of [
    ["--quiet shows nothing if all is well", ["--quiet"], {}, ""],
    [
      "that is dumb gets plain lines",
      [],
      { TERM: "dumb" },
      "results.ndjson: 50 created (50 now), 0 failed, 0 unknown\r\n",
    ],
  ] as const) {
    test(what, async () => {
      cli.file("users.csv", usersList(50));
      const { code, stdout } = await startAtTerminal([...BULK, ...args], env).ended;
      assert.deepEqual([code, stdout], [0, expected]);
    });
  }

  test("Ctrl-C says how to continue", async () => {
    cli.file("users.csv", usersList(200));
    await holdAfter(50, cli.control);
    const program = startAtTerminal(BULK);
    await program.prints(/50\/200/);
    program.child.stdin?.write("\u0003");
    await program.prints(/Stopping/);
    await cli.control.release();
    const { code, stdout } = await program.ended;
    assert.equal(code, 130);
    const said = /Stopping[^]*Not finished\. Run the same command again to continue\./;
    assert.match(screenOf(stdout), said);
  });

  for (const [what, fault, said] of [
    ["a refusal", { status: 429, headers: { "retry-after": "600" } }, /rate limit/],
    ["an outage", { drop: "answer" }, /no answer from 127\.0\.0\.1:\d+ \(.+\)/],
  ] as const) {
    test(`${what} is named, with the time of the next request`, async () => {
      await cli.control.fault({ operation: "create", status: 404, body: { errors: [] } });
      await cli.control.fault({ operation: "create", ...fault, times: 1000 });
      cli.file("users.csv", usersList(100));
      const program = startAtTerminal([...BULK, "--concurrency", "1"], {}, 200);
      await program.prints(new RegExp(`${said.source}, next try at \\d\\d:\\d\\d:\\d\\d`));
      program.child.stdin?.write("\u0003");
      assert.equal((await program.ended).code, 130);
    });
  }

  test("a message from Clerk does not control the terminal", async () => {
    const errors = [{ code: "x", message: "m", long_message: "\u001B[2J\u0007bad\rgood" }];
    await cli.control.fault({ operation: "create", status: 422, body: { errors } });
    const { stdout } = await startAtTerminal(["create", "user_1", "--json"]).ended;
    assert.match(stdout, /error:.* \[2J bad good/);
  });

  const LIVE = { CLERK_SECRET_KEY: "sk_live_x" };
  for (const [answer, requests] of [
    ["n\r", 0],
    ["y\r", 1],
  ] as const) {
    test(`a run for a production instance asks first: ${JSON.stringify(answer)}`, async () => {
      await cli.control.fault({ status: 401, body: { errors: [] }, times: 3 });
      cli.file("users.csv", usersList(3));
      const program = startAtTerminal([...BULK, "--concurrency", "1"], LIVE);
      await program.prints(
        /Create tokens for up to 3 users in the production instance\?.*\[y\/N\]/,
      );
      assert.deepEqual(await cli.control.requests(), []);
      program.child.stdin?.write(answer);
      assert.equal((await program.ended).code, 1);
      assert.equal((await cli.control.requests()).length, requests);
    });
  }

  test("--yes does not ask", async () => {
    await cli.control.fault({ status: 401, body: { errors: [] }, times: 3 });
    cli.file("users.csv", usersList(3));
    const { stdout } = await startAtTerminal([...BULK, "--yes"], LIVE).ended;
    assert.doesNotMatch(stdout, /\[y\/N\]/);
  });
});

test("without a terminal, no line is redrawn or blank", async () => {
  const { stderr } = await cli.bulk(100);
  assert.equal(stderr, "results.ndjson: 100 created (100 now), 0 failed, 0 unknown\n");
});

test("without a terminal, a plain line comes every 30 seconds", () => {
  mock.timers.enable({ apis: ["setInterval"] });
  const stream = { text: "", write: (text: string) => (stream.text += text) };
  const state = { done: 0, total: 2000, sent: 0, failed: 0, unknown: 0 };
  const stop = showProgress(new Terminal({ stream, env: {} }), () => state);
  mock.timers.tick(29_000);
  assert.equal(stream.text, "");
  Object.assign(state, { done: 1000, sent: 1000, failed: 2 });
  mock.timers.tick(1000);
  assert.match(stream.text, /^1,000\/2,000 {2}50%.* {2}2 failed\n$/);
  mock.timers.tick(30_000);
  assert.equal(stream.text.match(/\n/g)?.length, 2);
  stop();
  mock.timers.tick(60_000);
  assert.equal(stream.text.match(/\n/g)?.length, 2);
  mock.timers.reset();
});

const HALF = { done: 500, total: 2000 };
const BAD = { ...HALF, failed: 3, unknown: 2 };
const PAUSED = { ...BAD, note: "rate limit, next try at 10:00:00" };

for (const [width, state, rate, line] of [
  [79, HALF, 98, "500/2,000  25%  98/s  ETA 16s"],
  [79, BAD, 98, "500/2,000  25%  98/s  ETA 16s  3 failed  2 unknown"],
  // In a pause, the reason and the next try stand in the place of the times.
  [79, PAUSED, 98, `500/2,000  25%  ${PAUSED.note}  3 failed  2 unknown`],
  [39, BAD, 98, "500/2,000  25%  3 failed  2 unknown"],
  [39, HALF, 98, "500/2,000  25%  98/s  ETA 16s"],
  [39, { done: 999_999, total: 1_000_000 }, 0.5, "999,999/1,000,000  99%  0.5/s  ETA 2s"],
  [79, { done: 100_000, total: 1_000_000 }, 98, "100,000/1,000,000  10%  98/s  ETA 2h33m"],
  [79, { done: 7 }, 0, "7 done"],
  [5, HALF, 98, "500/2"],
  [79, { done: 0, total: 0 }, 0, "0/0"],
] as const)
  test(`progress: ${line}`, () =>
    assert.equal(format({ failed: 0, unknown: 0, ...state }, rate, width), line));
