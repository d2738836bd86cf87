// One process at a time writes a results file, whatever container it is in and under whatever name
// it has the file.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { thisProcess } from "../../cli/results/lock.ts";
import { BULK, COMMAND, lastRecords, statesOf, useCommand, usersList } from "../support/command.ts";
import { holdAfter } from "../support/hold-after.ts";

const cli = useCommand();

/** Runs a program in a container: with its own process numbers, but the same host name. */
const CONTAINER = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];

const IN_USE = /is in use: process \d+ on .* If no command is running, delete .*\.lock\./;

/** Starts bulk over standard input (or users.csv), onto another file if need be. */
function start(wrapper: string[], output = "results.ndjson", list = "-") {
  return cli.spawn([...wrapper, "node", COMMAND, ...BULK.with(1, list).with(3, output)]);
}

/** Starts a run that has recorded a token, and runs until its standard input ends. */
async function startOne(wrapper: string[] = []) {
  const running = start(wrapper);
  running.child.stdin?.write("user_1000\n");
  while (!existsSync(cli.results) || !readFileSync(cli.results, "utf8").includes('"created"'))
    await sleep(20);
  return running;
}

/** Starts several runs over so many users at once: one gets the file, and the others end first. */
async function race(starts: (() => ReturnType<typeof start>)[], users: number) {
  cli.file("users.csv", usersList(users));
  await holdAfter(5, cli.control);
  const ends = starts.map((begin) => begin().ended);
  await new Promise<void>((resolve) => {
    let left = ends.length;
    for (const end of ends) end.then(() => --left <= 1 && resolve());
  });
  await cli.control.release();
  const out = (await Promise.all(ends)).filter(({ stderr }) => /is in use/.test(stderr));
  assert.equal(out.length, ends.length - 1);
}

/** Checks that nobody has two tokens, and that each token is in the file. */
async function checkTokens(count: number) {
  const tokens = await cli.control.tokens();
  assert.equal(new Set(tokens.map(({ user_id }) => user_id)).size, count);
  const users = lastRecords(cli.results);
  for (const { id, user_id } of tokens) assert.equal(users.get(user_id)?.token_id, id);
  assert.equal(tokens.length, count);
}

describe("the lock", () => {
  const lock = () => `${cli.results}.lock`;
  /** A process that has ended: no process has such a number. */
  const ENDED = { ...thisProcess(), pid: 2 ** 22 + 1 };

  test("keeps a second process out while the first runs, and is removed at its end", async () => {
    const first = await startOne();
    for (const { code, stderr } of [await cli.bulk(2), await cli.revoke()]) {
      assert.equal(code, 1);
      const said = `results\\.ndjson is in use: process ${first.child.pid} on .* writes to it`;
      assert.match(stderr, new RegExp(said));
    }
    first.child.stdin?.end();
    assert.equal((await first.ended).code, 0);
    assert.ok(!readdirSync(cli.dir).some((name) => name.includes("lock")));
  });

  test("is the same for a link to the file", async () => {
    cli.file("results.ndjson", "");
    symlinkSync("results.ndjson", cli.file("link"));
    writeFileSync(lock(), JSON.stringify({ ...thisProcess(), run: "x" }));
    const { code, stderr } = await start([], "link", cli.file("users.csv", "user_1\n")).ended;
    assert.equal(code, 1);
    assert.match(stderr, /is in use/);
  });

  for (const [what, owner, isStale] of [
    ["of a process that ended is taken over", ENDED, true],
    ["of a process whose number another one has now too", { ...thisProcess(), started: "1" }, true],
    ["of a running process is not", thisProcess()],
    ["of another machine is not", { ...ENDED, host: "elsewhere" }],
    ["of another container is not", { ...ENDED, namespace: "pid:[1]" }],
    ["of a machine that was restarted, or has the same name, is not", { ...ENDED, boot: "x" }],
    ["that is not readable is not", undefined],
  ] as const) {
    test(what, async () => {
      writeFileSync(lock(), owner ? `${JSON.stringify({ ...owner, run: "x" })}\n   ` : "");
      const { code, stderr } = await cli.bulk(3);
      assert.equal(code, isStale ? 0 : 1, stderr);
      if (!isStale) assert.match(stderr, /is in use.* delete .*results\.ndjson\.lock\./);
      // A run that may not begin leaves nothing behind.
      const left = isStale ? "results.ndjson" : "results.ndjson.lock";
      assert.deepEqual(readdirSync(cli.dir).sort(), [left, "users.csv"]);
    });
  }

  test("of a killed process is taken over by one of many", async () => {
    for (let round = 0; round < 3; round++) {
      rmSync(cli.results, { force: true });
      await cli.control.reset();
      cli.file("users.csv", usersList(60));
      await holdAfter(5, cli.control);
      const dead = start([], "results.ndjson", "users.csv");
      await cli.control.arrived(25);
      dead.child.kill("SIGKILL");
      await dead.ended;
      await cli.control.release();
      assert.ok(existsSync(lock()));
      const rival = () => start([], "results.ndjson", "users.csv");
      await race(Array(6).fill(rival), 60);
      const tokens = await cli.control.tokens();
      assert.equal(new Set(tokens.map(({ user_id }) => user_id)).size, tokens.length);
    }
  });
});

test("of two processes at once, one creates the tokens", async () => {
  const run = () => start([], "results.ndjson", "users.csv");
  await race([run, run], 60);
  await checkTokens(60);
  assert.deepEqual(statesOf(cli.results), { created: 60 });
});

test("of many containers at once, one creates the tokens", async () => {
  const run = () => start(CONTAINER, "results.ndjson", "users.csv");
  await race([run, run, run, run], 60);
  await checkTokens(60);
});

test("a run in another container keeps others out, there and elsewhere", async () => {
  const first = await startOne(CONTAINER);
  for (const wrapper of [CONTAINER, []]) {
    const second = start(wrapper);
    second.child.stdin?.end(usersList(5));
    const { code, stderr } = await second.ended;
    assert.equal(code, 1);
    assert.match(stderr, IN_USE);
  }
  first.child.stdin?.end();
  assert.equal((await first.ended).code, 0);
  await checkTokens(1);
});

test("a container that was killed is in doubt, until its lock is deleted", async () => {
  const first = await startOne(CONTAINER);
  first.child.kill("SIGKILL");
  await first.ended;
  const list = usersList(10, 995);
  const refused = await cli.bulk(list);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, IN_USE);
  rmSync(`${cli.results}.lock`);
  assert.equal((await cli.bulk(list)).code, 0);
  await checkTokens(10);
});

/** Gives the results file another name. Returns that, and a function that removes it. */
const NAMES = {
  "a hard link beside it": (path: string) => linked(path, "link.ndjson"),
  "a hard link in another folder": (path: string) => {
    mkdirSync(cli.file("folder"));
    return linked(path, "folder/results.ndjson");
  },
  "a mount of the file": (path: string) => {
    const name = cli.file("mounted.ndjson", "");
    execFileSync("mount", ["--bind", path, name]);
    return { name, remove: () => void execFileSync("umount", [name]) };
  },
};

function linked(path: string, file: string) {
  linkSync(path, cli.file(file));
  return { name: cli.file(file), remove: () => {} };
}

const ADD = /is in use: process \d+ on .* add the line (\{"ended":"[\w-]+"\}) to it/;

for (const [what, prepare] of Object.entries(NAMES)) {
  for (const wrapper of [[], CONTAINER]) {
    const where = wrapper.length > 0 ? "in containers" : "on one machine";
    test(`${what} is the same file, ${where}`, async () => {
      const { name, remove } = prepare(cli.file("results.ndjson", ""));
      try {
        const first = await startOne(wrapper);
        const second = start(wrapper, name);
        second.child.stdin?.end(usersList(5));
        const { code, stderr } = await second.ended;
        assert.equal(code, 1);
        assert.match(stderr, ADD);
        first.child.stdin?.end(usersList(20));
        assert.equal((await first.ended).code, 0);
        await checkTokens(21);
        assert.deepEqual(statesOf(cli.results), { created: 21 });

        const both = [cli.results, name].map((path) => () => start(wrapper, path, "users.csv"));
        await race(both, 60);
        await checkTokens(61);
      } finally {
        remove();
      }
    });
  }
}

test("a run under another name that was killed is ended as the message says", async () => {
  const { name } = NAMES["a hard link in another folder"](cli.file("results.ndjson", ""));
  const first = await startOne(CONTAINER);
  first.child.kill("SIGKILL");
  await first.ended;
  const list = cli.file("users.csv", usersList(3));
  const { stderr } = await start([], name, list).ended;
  const [, line] = stderr.match(ADD) ?? [];
  writeFileSync(name, `${line}\n`, { flag: "a" });
  assert.equal((await start([], name, list).ended).code, 0);
});

test("no run needs hard links, which not every shared folder has", async () => {
  const env = cli.failing(`
    const fail = (syscall) => () => {
      const message = "EPERM: operation not permitted, " + syscall;
      throw Object.assign(new Error(message), { code: "EPERM", syscall });
    };
    fs.linkSync = fs.link = fail("link");
    fs.fchmodSync = fail("fchmod");`);
  chmodSync(cli.file("results.ndjson", ""), 0o666);
  const { code, stderr } = await cli.bulk(3, [], { env });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^warning: others may be able to read .*results\.ndjson/);
  assert.deepEqual(statesOf(cli.results), { created: 3 });
});

for (const [what, file, message] of [
  [
    "is deleted",
    "results.ndjson",
    /results\.ndjson was deleted, renamed or replaced during the run/,
  ],
  ["loses its lock", "results.ndjson.lock", /the lock of .*results\.ndjson was deleted during the/],
] as const) {
  test(`a run ends when its results file ${what}`, async () => {
    const first = await startOne();
    rmSync(cli.file(file));
    first.child.stdin?.write(usersList(50));
    const { code, stderr } = await first.ended;
    assert.equal(code, 1);
    assert.match(stderr, message);
    assert.equal((await cli.control.requests()).length, 1, "nothing more was sent");
  });
}
