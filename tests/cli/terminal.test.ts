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
      cli.list(`oops\n${usersList(300)}oops\n`);
      await holdAfter(150, cli.control);
      const program = startAtTerminal(BULK, {}, columns);
      await cli.control.arrived(3 + 150 + 20);
      const { length } = progressIn(program.stdout);
      while (progressIn(program.stdout).length < length + 3) await sleep(20);
      await cli.control.release();
      const { stdout } = await program.ends(1);
      const progress = progressIn(stdout);
      for (const line of progress) assert.ok(line.length < columns, line);
      const shares = progress.map((line) => Number(line.match(/(\d+)%/)?.[1]));
      const sorted = shares.toSorted((a, b) => a - b);
      assert.deepEqual(shares, sorted);
      const isBetween = shares.some((share) => share > 0 && share < 90);
      assert.ok(isBetween, "work done, not bytes read");
      const times = columns < 80 ? /\d\/s/ : /\d\/s.*ETA \d+s/;
      assert.ok(progress.some((line) => times.test(line)));
      const screen = screenOf(stdout);
      assert.match(screen, /^.*warning:.*line 1: not a user ID.*\n/, "not overwritten");
      const end = /line 302: not a user ID[^]*302\/302 {2}100%.*3 failed\n[^]*: 297 created/;
      assert.match(screen, end);
    });
  }

  test("colors are for terminals without NO_COLOR", async () => {
    const args = ["create", "nobody", "--json"];
    const { stdout } = await startAtTerminal(args).ends(1);
    assert.match(stdout, /^.\[31merror: .\[39mnot found/);
    const plain = await startAtTerminal(args, { NO_COLOR: "1" }).ends(1);
    assert.match(plain.stdout, /^error: not found/);
    await cli.run(args).ends(1, /^error: not found/);
  });

  test("create shows the link", async () => {
    const { stdout } = await startAtTerminal(["create", "user_1"]).ends(0);
    const [{ id, url }] = await cli.control.tokens();
    assert.equal(stdout, `${id} signs user_1 in:\r\n${url}\r\n`);
  });

  const COUNTS = "results.ndjson: 50 created (50 now), 0 failed, 0 unknown";
  for (const [what, args, env, expected] of [
    ["--quiet shows nothing if all is well", ["--quiet"], {}, ""],
    ["that is dumb gets plain lines", [], { TERM: "dumb" }, `${COUNTS}\r\n`],
  ] as const) {
    test(what, async () => {
      cli.list(50);
      const { stdout } = await startAtTerminal([...BULK, ...args], env).ends(0);
      assert.equal(stdout, expected);
    });
  }

  for (const [what, fault, said] of [
    ["a refusal", { status: 429, headers: { "retry-after": "600" } }, /rate limit/],
    ["an outage", { drop: "answer" }, /no answer from 127\.0\.0\.1:\d+ \(.+\)/],
  ] as const) {
    test(`${what} is named, with the next try; Ctrl-C ends it, and says how to continue`, async () => {
      await cli.control.fault({ operation: "create", status: 404, body: { errors: [] } });
      await cli.control.fault({ operation: "create", ...fault, times: 1000 });
      cli.list(100);
      const program = startAtTerminal([...BULK, "--concurrency", "1"], {}, 200);
      await program.prints(new RegExp(`${said.source}, next try at \\d\\d:\\d\\d:\\d\\d`));
      const { stdout } = await program.types("\u0003").ends(130);
      const end = /Stopping[^]*Not finished\. Run the same command again to continue\./;
      assert.match(screenOf(stdout), end);
    });
  }

  test("a message from Clerk does not control the terminal", async () => {
    const errors = [{ code: "x", message: "m", long_message: "\u001B[2J\u0007bad\rgood" }];
    await cli.control.fault({ operation: "create", status: 422, body: { errors } });
    const { stdout } = await startAtTerminal(["create", "user_1", "--json"]).ends(1);
    assert.match(stdout, /error:.* \[2J bad good/);
  });

  for (const [answer, requests, more] of [
    ["n\r", 0, []],
    ["y\r", 1, []],
    ["", 1, ["--yes"]],
  ] as const) {
    const how = answer ? `asks first: ${JSON.stringify(answer)}` : "does not ask with --yes";
    test(`a run for a production instance ${how}`, async () => {
      await cli.control.fault({ status: 401, body: { errors: [] }, times: 3 });
      cli.list(3);
      const env = { CLERK_SECRET_KEY: "sk_live_x" };
      const program = startAtTerminal([...BULK, "--concurrency", "1", ...more], env);
      const question = /Create tokens for up to 3 users in the production instance\?.*\[y\/N\]/;
      if (answer) {
        await program.prints(question);
        assert.deepEqual(await cli.control.requests(), []);
      }
      const { stdout } = await program.types(answer).ends(1);
      assert.equal(question.test(stdout), answer !== "");
      assert.equal((await cli.control.requests()).length, requests);
    });
  }
});

test("without a terminal, no line is redrawn or blank", async () => {
  await cli.bulk(100).ends(0, /^results\.ndjson: 100 created \(100 now\), 0 failed, 0 unknown\n$/);
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
