// The command of the installed package, in Node, Deno and Bun, against the emulator.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Control } from "../../emulator/client.js";
import { SECRET_KEY, startEmulator } from "../../emulator/server.js";
import { app } from "../support/app.js";

const cli = join(app, "node_modules", "clerk-sign-in-tokens", "cli.js");
const RUNTIMES = { Node: ["node"], Deno: ["deno", "run", "--allow-all"], Bun: ["bun"] };

let emulator, control, dir;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
});
beforeEach(async () => {
  await control.reset();
  dir = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-cli-"));
});
after(() => emulator.close());

function start([command, ...flags], args, env = {}) {
  const child = spawn(command, [...flags, cli, ...args], {
    cwd: app,
    env: { ...process.env, CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: emulator.url, ...env },
  });
  const result = { child, stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"])
    child[name].on("data", (chunk) => (result[name] += chunk));
  result.ended = once(child, "close").then(([code]) => ({
    ...result,
    code,
    stdout: result.stdout,
    stderr: result.stderr,
  }));
  return result;
}

const run = (runtime, args, env) => start(runtime, args, env).ended;
const results = (file) =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const many = (count) => Array.from({ length: count }, (_, n) => `user_${n}`).join("\n");

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  describe(name, () => {
    test("creates and revokes", async () => {
      const { stdout, code } = await run(runtime, [
        "create",
        "user_1",
        "--org",
        "org_1",
        "--expires",
        "10m",
      ]);
      const token = JSON.parse(stdout);
      assert.deepEqual([code, token.userId], [0, "user_1"]);
      const { body } = (await control.requests())[0];
      assert.deepEqual(JSON.parse(body), {
        user_id: "user_1",
        org_id: "org_1",
        expires_in_seconds: 600,
      });
      const revoked = await run(runtime, ["revoke", token.id, "sit_none"]);
      assert.deepEqual([revoked.stdout, revoked.code], [`${token.id} revoked\n`, 1]);
      assert.match(revoked.stderr, /^sit_none revoke: not found; .*trace id/);
    });

    test("makes many, and names each line that is no user", async () => {
      const [input, output] = [join(dir, "users.csv"), join(dir, "results.ndjson")];
      writeFileSync(
        input,
        "\uFEFFuser_id,org_id\r\nuser_1,org_1\r\n\r\nnobody,\r\nuser_2,\r\nuser_1,\r\n",
      );
      const { code, stderr } = await run(runtime, [
        "bulk",
        input,
        "--output",
        output,
        "--rate-limit",
        "10000",
      ]);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /line 4: not a user id[^]*line 6: the same user[^]*2 created, 0 failed, 0 unknown, 0 done before, 2 lines not usable/,
      );
      const states = results(output).map(({ user_id, line, state, problem }) => [
        user_id ?? line,
        state ?? problem,
      ]);
      assert.deepEqual(
        states
          .filter(([, state]) => state === "created")
          .map(([user]) => user)
          .sort(),
        ["user_1", "user_2"],
      );
      assert.equal(statSync(output).mode & 0o077, 0, "nobody else may read the links");
    });
  });
}

test("goes on after it was killed, and makes no second token", async () => {
  const [input, output] = [join(dir, "users.txt"), join(dir, "results.ndjson")];
  writeFileSync(input, many(400));
  const args = ["bulk", input, "--output", output, "--rate-limit", "1000"];
  const first = start(RUNTIMES.Node, args);
  while ((await control.tokens()).length < 50) await sleep(20);
  first.child.kill("SIGKILL");
  await first.ended;
  const { stderr } = await run(RUNTIMES.Node, [...args.slice(0, -1), "100000"]);
  const [, created, unknown, before] = stderr
    .match(/(\d+) created, 0 failed, (\d+) unknown, (\d+) done before/)
    .map(Number);
  assert.equal(created + before, 400);
  assert.ok(before >= 50 - 20 && unknown <= 20);
  const tokens = await control.tokens();
  assert.equal(new Set(tokens.map(({ user_id }) => user_id)).size, tokens.length, "nobody has two");
  const last = new Map(results(output).map(({ user_id, state }) => [user_id, state]));
  assert.deepEqual(
    [last.size, [...last.values()].filter((state) => state === "sending").length],
    [400, 0],
  );
});

test("an interrupt ends what was begun, and says so", async () => {
  const output = join(dir, "results.ndjson");
  const program = start(RUNTIMES.Node, ["bulk", "-", "--output", output]);
  program.child.stdin.end(many(1000));
  while ((await control.tokens()).length < 10) await sleep(20);
  program.child.kill("SIGINT");
  const { code } = await program.ended;
  assert.equal(code, 130);
  const [begun, created] = ["sending", "created"].map(
    (wanted) => results(output).filter(({ state }) => state === wanted).length,
  );
  assert.deepEqual([begun, created], [created, (await control.tokens()).length]);
});

for (const [what, args, env, code, message] of [
  ["no command", [], {}, 2, /Which command/],
  [
    "a key on the command line",
    ["create", "user_1", SECRET_KEY],
    {},
    2,
    /never on the command line/,
  ],
  ["no key", ["create", "user_1"], { CLERK_SECRET_KEY: "" }, 2, /CLERK_SECRET_KEY is not set/],
  ["no user", ["create"], {}, 2, /one user id/],
  [
    "a lifetime that is none",
    ["create", "user_1", "--expires", "soon"],
    {},
    2,
    /--expires: seconds/,
  ],
  ["an unknown option", ["create", "user_1", "--key", "x"], {}, 2, /Unknown option '--key'/],
  ["no output", ["bulk", "users.csv"], {}, 2, /needs --output/],
  ["a file that is not there", ["bulk", "nowhere.csv", "--output", "/dev/null"], {}, 1, /ENOENT/],
  ["a user who is not there", ["create", "nobody"], {}, 1, /not found; No user/],
]) {
  test(`${what}: a clear answer`, async () => {
    const { code: actual, stdout, stderr } = await run(RUNTIMES.Node, args, env);
    assert.equal(actual, code);
    assert.match(stderr, message);
    assert.ok(!`${stdout}${stderr}`.includes(SECRET_KEY) && stdout === "");
  });
}

test("an empty file is done at once", async () => {
  const input = join(dir, "empty.csv");
  writeFileSync(input, "");
  const { code, stderr } = await run(RUNTIMES.Node, [
    "bulk",
    input,
    "--output",
    join(dir, "results.ndjson"),
  ]);
  assert.equal(code, 0);
  assert.match(stderr, /0 created, 0 failed/);
});
