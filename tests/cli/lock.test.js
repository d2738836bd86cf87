// One process at a time writes a results file, whatever container it is in and under whatever name it has the file.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { COMMAND, FAST, lastRecords, statesOf, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();
const USERS = 400;

/** Runs a program in a container of its own: with its own process numbers, but the same host name. */
const CONTAINER = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** The command for a results file, with a list that does not end by itself. */
const onto = (output) => ["bulk", "-", "-o", output, ...FAST];

/** Checks that nobody has two tokens, and that each token is in the file. */
async function checkTokens(path) {
  const tokens = await cli.control.tokens();
  assert.equal(new Set(tokens.map(({ user_id }) => user_id)).size, tokens.length);
  const users = lastRecords(path);
  for (const { id, user_id } of tokens) assert.equal(users.get(user_id).token_id, id);
  return tokens;
}

/** Starts a run that has sent a request, and goes on until its standard input ends. */
async function startOne(args, wrapper = []) {
  const running = cli.spawn([...wrapper, "node", COMMAND, ...args]);
  running.child.stdin.write(usersList(1, 1000));
  while ((await cli.control.requests()).length < 1) await sleep(20);
  return running;
}

test("a run in another container keeps others out, in its own container and elsewhere", async () => {
  const output = cli.file("results.ndjson");
  const first = await startOne(onto(output), CONTAINER);
  for (const wrapper of [CONTAINER, []]) {
    const second = cli.spawn([...wrapper, "node", COMMAND, ...onto(output)]);
    second.child.stdin.on("error", () => {}).end(usersList(5));
    const { code, stderr } = await second.ended;
    assert.equal(code, 1);
    assert.match(
      stderr,
      /is in use: process \d+ on .* If no command is running, delete .*\.lock\./,
    );
  }
  first.child.stdin.end();
  assert.equal((await first.ended).code, 0);
  assert.equal((await checkTokens(output)).length, 1);
});

test("a container that was killed is in doubt, until its lock is deleted", async () => {
  const output = cli.file("results.ndjson");
  const first = await startOne(onto(output), CONTAINER);
  while (!readFileSync(output, "utf8").includes('"created"')) await sleep(20);
  first.child.kill("SIGKILL");
  await first.ended;
  const list = cli.file("users.csv", usersList(10, 995));
  const refused = await cli.run(["bulk", list, "-o", output, ...FAST]);
  assert.equal(refused.code, 1);
  const [, lock] = refused.stderr.match(/delete (.*\.lock)\./);
  rmSync(lock);
  assert.equal((await cli.run(["bulk", list, "-o", output, ...FAST])).code, 0);
  assert.equal((await checkTokens(output)).length, 10);
});

test("many containers at once create one token for each user", async () => {
  const output = cli.file("results.ndjson");
  const list = cli.file("users.csv", usersList(USERS));
  await cli.control.fault({ operation: "create", delay: 30, times: USERS });
  const runs = Array.from({ length: 4 }, () =>
    cli.spawn([...CONTAINER, "node", COMMAND, "bulk", list, "-o", output, ...FAST]),
  );
  const codes = await Promise.all(runs.map(async ({ ended }) => (await ended).code));
  assert.ok(codes.includes(0), String(codes));
  assert.equal((await checkTokens(output)).length, USERS);
});

/** Other names for the results file: each returns the path, and a function that removes it. */
const NAMES = {
  "a hard link beside it": (path) => {
    linkSync(path, cli.file("link.ndjson"));
    return { name: cli.file("link.ndjson"), remove: () => {} };
  },
  "a hard link in another folder": (path) => {
    mkdirSync(cli.file("folder"));
    linkSync(path, cli.file("folder/results.ndjson"));
    return { name: cli.file("folder/results.ndjson"), remove: () => {} };
  },
  "a mount of the file": (path) => {
    const name = cli.file("mounted.ndjson", "");
    execFileSync("mount", ["--bind", path, name]);
    return { name, remove: () => execFileSync("umount", [name]) };
  },
};

for (const [what, prepare] of Object.entries(NAMES)) {
  for (const wrapper of [[], CONTAINER]) {
    const where = wrapper.length > 0 ? "in containers" : "on one machine";
    test(`${what} is the same file, ${where}`, async () => {
      const output = cli.file("results.ndjson", "");
      const { name, remove } = prepare(output);
      try {
        const first = await startOne(onto(output), wrapper);
        const second = cli.spawn([...wrapper, "node", COMMAND, ...onto(name)]);
        second.child.stdin.on("error", () => {}).end(usersList(5));
        const { code, stderr } = await second.ended;
        assert.equal(code, 1);
        assert.match(
          stderr,
          /is in use: process \d+ on .* add the line \{"ended":"[\w-]+"\} to it/,
        );
        first.child.stdin.end(usersList(20));
        assert.equal((await first.ended).code, 0);
        assert.equal((await checkTokens(output)).length, 21);
        assert.deepEqual(statesOf(output), { created: 21 });

        const list = cli.file("users.csv", usersList(USERS));
        const both = [output, name].map((path) =>
          cli.spawn([...wrapper, "node", COMMAND, "bulk", list, "-o", path, ...FAST]),
        );
        await Promise.all(both.map(({ ended }) => ended));
        await cli.run(["bulk", list, "-o", name, ...FAST]);
        assert.equal((await checkTokens(output)).length, USERS + 1);
      } finally {
        remove();
      }
    });
  }
}

test("a run under another name that was killed in a container is ended as the message says", async () => {
  const output = cli.file("results.ndjson", "");
  const { name } = NAMES["a hard link in another folder"](output);
  const first = await startOne(onto(output), CONTAINER);
  while (!readFileSync(output, "utf8").includes('"created"')) await sleep(20);
  first.child.kill("SIGKILL");
  await first.ended;
  const list = cli.file("users.csv", usersList(3));
  const { stderr } = await cli.run(["bulk", list, "-o", name, ...FAST]);
  const [, line] = stderr.match(/add the line (\{.*\}) to it/);
  writeFileSync(name, `${line}\n`, { flag: "a" });
  assert.equal((await cli.run(["bulk", list, "-o", name, ...FAST])).code, 0);
});

test("no run needs hard links, which not every shared folder has", async () => {
  const preload = cli.file(
    "fail.mjs",
    `import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    fs.linkSync = fs.link = () => {
      throw Object.assign(new Error("EPERM: operation not permitted, link"), { code: "EPERM", syscall: "link" });
    };
    fs.fchmodSync = () => {
      throw Object.assign(new Error("EPERM: operation not permitted, fchmod"), { code: "EPERM", syscall: "fchmod" });
    };
    syncBuiltinESMExports();`,
  );
  const env = { NODE_OPTIONS: `--import=${preload}` };
  const path = cli.file("results.ndjson", "");
  execFileSync("chmod", ["666", path]);
  const list = cli.file("users.csv", usersList(3));
  const { code, stderr } = await cli.run(["bulk", list, "-o", path, ...FAST], { env });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^warning: others may be able to read .*results\.ndjson/);
  assert.deepEqual(statesOf(path), { created: 3 });
});

test("a run that may not begin leaves nothing behind", async () => {
  const output = cli.file("results.ndjson");
  writeFileSync(`${output}.lock`, "");
  const list = cli.file("users.csv", usersList(3));
  const { code, stderr } = await cli.run(["bulk", list, "-o", output, ...FAST]);
  assert.equal(code, 1);
  assert.match(stderr, /its lock is not readable.*delete .*results\.ndjson\.lock\./);
  assert.deepEqual(readdirSync(cli.dir).sort(), ["results.ndjson.lock", "users.csv"]);
});

for (const [what, harm, message] of [
  [
    "is deleted",
    "results.ndjson",
    /results\.ndjson was deleted, renamed or replaced during the run/,
  ],
  [
    "loses its lock",
    "results.ndjson.lock",
    /the lock of .*results\.ndjson was deleted during the run/,
  ],
]) {
  test(`a run ends when its results file ${what}`, async () => {
    const output = cli.file("results.ndjson");
    const first = await startOne(onto(output));
    while (!readFileSync(output, "utf8").includes('"created"')) await sleep(20);
    rmSync(cli.file(harm));
    first.child.stdin.write(usersList(50));
    const { code, stderr } = await first.ended;
    assert.equal(code, 1);
    assert.match(stderr, message);
    assert.equal((await cli.control.requests()).length, 1, "nothing more was sent");
  });
}
