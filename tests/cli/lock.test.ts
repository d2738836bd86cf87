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
import { BULK, COMMAND, useCommand, usersList } from "../support/command.ts";
import { holdAfter } from "../support/hold-after.ts";

const cli = useCommand();

/** Runs a program in a container: with its own process numbers, but the same host name. */
const CONTAINER = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];

const IN_USE = /is in use: process \d+ on .* If no command is running, delete .*\.lock\./;

/** Starts bulk over users.csv (or another list), onto another file if need be. */
function start(wrapper: string[], output = "results.ndjson", list = "users.csv") {
  return cli.spawn([...wrapper, "node", COMMAND, ...BULK.with(1, list).with(3, output)]);
}

/** Starts a run that has recorded a token, and runs until its standard input ends. */
async function startOne(wrapper: string[] = []) {
  const running = start(wrapper, "results.ndjson", "-");
  running.types("user_1000\n");
  while (!existsSync(cli.results) || !readFileSync(cli.results, "utf8").includes('"created"'))
    await sleep(20);
  return running;
}

/** Starts several runs over 60 users at once: one gets the file, and the others end first. */
async function race(outputs: string[], wrapper: string[] = []) {
  const programs = outputs.map((output) => start(wrapper, output, "-").types(usersList(60)));
  await new Promise<void>((resolve) => {
    let left = programs.length;
    for (const { ended } of programs) ended.then(() => --left <= 1 && resolve());
  });
  // So long, the one that has the file waited for the rest of its list.
  for (const program of programs) program.types("", true);
  const codes = await Promise.all(programs.map(({ ended }) => ended));
  const out = programs.filter(({ stderr }, n) => codes[n] === 1 && /is in use/.test(stderr));
  assert.equal(out.length, programs.length - 1);
}

/** Checks that nobody has two tokens, and that each token is in the file. */
async function checkTokens(count: number) {
  const tokens = await cli.control.tokens();
  assert.equal(new Set(tokens.map(({ user_id }) => user_id)).size, count);
  const users = cli.users();
  for (const { id, user_id } of tokens) assert.equal(users.get(user_id)?.token_id, id);
  assert.equal(tokens.length, count);
}

describe("the lock", () => {
  const lock = () => `${cli.results}.lock`;
  /** A process that has ended: no process has such a number. */
  const ENDED = { ...thisProcess(), pid: 2 ** 22 + 1 };

  test("keeps a second process out while the first runs, and is removed at its end", async () => {
    const first = await startOne();
    const said = RegExp(
      `results\\.ndjson is in use: process ${first.child.pid} on .* writes to it`,
    );
    for (const second of [cli.bulk(2), cli.revoke()]) await second.ends(1, said);
    await first.types("", true).ends(0);
    assert.ok(!readdirSync(cli.dir).some((name) => name.includes("lock")));
  });

  test("is the same for a link to the file", async () => {
    cli.file("results.ndjson", "");
    symlinkSync("results.ndjson", cli.file("link"));
    writeFileSync(lock(), JSON.stringify({ ...thisProcess(), run: "x" }));
    cli.list(1);
    await start([], "link").ends(1, /is in use/);
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
      const program = cli.bulk(3);
      if (isStale) await program.ends(0);
      else await program.ends(1, /is in use.* delete .*results\.ndjson\.lock\./);
      // A run that may not begin leaves nothing behind.
      const left = isStale ? "results.ndjson" : "results.ndjson.lock";
      assert.deepEqual(readdirSync(cli.dir).sort(), [left, "users.csv"]);
    });
  }

  test("of a killed process is taken over by one of many", async () => {
    for (let round = 0; round < 3; round++) {
      rmSync(cli.results, { force: true });
      await cli.control.reset();
      await holdAfter(5, cli.control);
      const dead = cli.bulk(60);
      await cli.control.arrived(25);
      await dead.kill();
      await cli.control.release();
      assert.ok(existsSync(lock()));
      await race(Array(6).fill("results.ndjson"));
      const tokens = await cli.control.tokens();
      assert.equal(new Set(tokens.map(({ user_id }) => user_id)).size, tokens.length);
    }
  });
});

for (const [what, wrapper] of [
  ["processes", []],
  ["containers", CONTAINER],
] as const) {
  test(`of many ${what} at once, one creates the tokens`, async () => {
    await race(Array(4).fill("results.ndjson"), [...wrapper]);
    await checkTokens(60);
    assert.deepEqual(cli.states(), { created: 60 });
  });
}

test("a run in another container keeps others out, there and elsewhere", async () => {
  const first = await startOne(CONTAINER);
  cli.list(5);
  for (const wrapper of [CONTAINER, []]) await start(wrapper).ends(1, IN_USE);
  await first.types("", true).ends(0);
  await checkTokens(1);
});

test("a container that was killed is in doubt, until its lock is deleted", async () => {
  await (await startOne(CONTAINER)).kill();
  const list = usersList(10, 995);
  await cli.bulk(list).ends(1, IN_USE);
  rmSync(`${cli.results}.lock`);
  await cli.bulk(list).ends(0);
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
        cli.list(5);
        await start(wrapper, name).ends(1, ADD);
        await first.types(usersList(20), true).ends(0);
        await checkTokens(21);
        assert.deepEqual(cli.states(), { created: 21 });

        await race([cli.results, name], wrapper);
        await checkTokens(61);
      } finally {
        remove();
      }
    });
  }
}

test("a run under another name that was killed is ended as the message says", async () => {
  const { name } = NAMES["a hard link in another folder"](cli.file("results.ndjson", ""));
  await (await startOne(CONTAINER)).kill();
  cli.list(3);
  const { stderr } = await start([], name).ends(1, ADD);
  const [, line] = stderr.match(ADD) ?? [];
  writeFileSync(name, `${line}\n`, { flag: "a" });
  await start([], name).ends(0);
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
  await cli.bulk(3, [], { env }).ends(0, /^warning: others may be able to read .*results\.ndjson/);
  assert.deepEqual(cli.states(), { created: 3 });
});

for (const [what, file, message] of [
  ["is deleted", "results.ndjson", /ndjson was deleted, renamed or replaced during the run/],
  ["loses its lock", "results.ndjson.lock", /the lock of .*results\.ndjson was deleted during the/],
] as const) {
  test(`a run ends when its results file ${what}`, async () => {
    const first = await startOne();
    rmSync(cli.file(file));
    await first.types(usersList(50)).ends(1, message);
    assert.equal((await cli.control.requests()).length, 1, "nothing more was sent");
  });
}
