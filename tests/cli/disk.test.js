// A full disk: the run stops before the next request, and still records the results of the requests in flight.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import {
  FAST,
  lastRecords,
  RUNTIMES,
  statesOf,
  useCommand,
  usersList,
} from "../support/command.ts";

const cli = useCommand();
const USERS = 400;

/** Runs a command as root, with sudo if it takes no password. Returns whether it succeeded. */
function asRoot(...command) {
  const [program, ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  return spawnSync(program, args).status === 0;
}

/** Mounts a small file system. Returns false if that is not allowed. */
function mount(dir, size) {
  mkdirSync(dir);
  return asRoot("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", dir);
}

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`a full disk stops the run, and nothing is lost, in ${name}`, async (t) => {
    const disk = join(cli.dir, "disk");
    if (!mount(disk, "256k"))
      return t.skip("a file system cannot be mounted here: that takes root on Linux");
    try {
      const output = join(disk, "results.ndjson");
      const args = ["bulk", cli.file("users.csv", usersList(USERS)), "-o", output, ...FAST];
      await cli.control.fault({ operation: "create", delay: 20, times: USERS });
      const { code, stderr } = await cli.run(args, { runtime });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /error: .*results\.ndjson: no space left on device\. The run stopped\./i,
      );
      const tokens = await cli.control.tokens();
      assert.ok(tokens.length > 50 && tokens.length < USERS, String(tokens.length));
      const users = lastRecords(output);
      for (const { id, user_id, url } of tokens)
        assert.deepEqual([users.get(user_id).token_id, users.get(user_id).url], [id, url]);

      assert.equal((await cli.run(args, { runtime })).code, 1, "still full");
      assert.equal((await cli.control.tokens()).length, tokens.length);

      await cli.control.clearFaults();
      asRoot("mount", "-o", "remount,size=8m", disk);
      assert.equal((await cli.run(args, { runtime })).code, 0);
      assert.deepEqual(statesOf(output), { created: USERS });
      assert.equal((await cli.control.tokens()).length, USERS);
    } finally {
      asRoot("umount", disk);
    }
  });
}

/** Returns an environment in which Node's `fs` fails as `code` says. */
function failing(code) {
  const preload = cli.file(
    "fail.mjs",
    `import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    ${code}
    syncBuiltinESMExports();`,
  );
  return { NODE_OPTIONS: `--import=${preload}` };
}

test("a CSV file that cannot be written fails the run, after the summary", async () => {
  const env = failing(`
    fs.write = (...args) =>
      args.at(-1)(
        Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" }),
      );`);
  await cli.control.fault({ operation: "create", drop: "answer", effect: true });
  const args = ["bulk", cli.file("users.csv", usersList(3)), "-o", "results.ndjson", ...FAST];
  const { code, stderr } = await cli.run([...args, "--format", "csv"], { env });
  assert.equal(code, 1);
  assert.match(stderr, /: 2 created \(2 now\), 0 failed, 1 unknown\n[^]*unknown user_\d/);
  assert.match(stderr, /\nerror: results\.ndjson\.csv: no space left on device\n$/);
  assert.ok(!stderr.includes("the same as CSV"));
});

for (const [what, args] of [
  ["bulk", ["bulk", "users.csv", "-o", "results.ndjson", ...FAST]],
  ["revoke --from", ["revoke", "--from", "results.ndjson", ...FAST]],
]) {
  test(`${what} fails when the disk loses the last results`, async () => {
    cli.file("users.csv", usersList(3));
    if (what !== "bulk") await cli.run(["bulk", "users.csv", "-o", "results.ndjson", ...FAST]);
    const env = failing(`fs.fdatasyncSync = () => {
      throw new Error("EIO: i/o error, fdatasync");
    };`);
    const { code, stderr } = await cli.run(args, { env });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /error: results\.ndjson: i\/o error\. The last results may not be on the disk\.\n$/,
    );
  });
}

test("with a disk that is full from the start, nothing is sent", async (t) => {
  const disk = join(cli.dir, "disk");
  if (!mount(disk, "128k"))
    return t.skip("a file system cannot be mounted here: that takes root on Linux");
  try {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "ballast"), Buffer.alloc(bavail * bsize - 8192));
    const args = ["bulk", cli.file("users.csv", usersList(3)), "-o", join(disk, "results.ndjson")];
    const { code, stderr } = await cli.run(args);
    assert.equal(code, 1);
    assert.match(stderr, /^error: .*: no space left on device\n$/);
    assert.deepEqual(await cli.control.requests(), []);
    rmSync(join(disk, "ballast"));
    assert.equal((await cli.run([...args, ...FAST])).code, 0);
  } finally {
    asRoot("umount", disk);
  }
});

test("revoke --from works on a full disk, and records the rest later", async (t) => {
  const disk = join(cli.dir, "disk");
  if (!mount(disk, "256k"))
    return t.skip("a file system cannot be mounted here: that takes root on Linux");
  try {
    const output = join(disk, "results.ndjson");
    await cli.run(["bulk", cli.file("users.csv", usersList(50)), "-o", output, ...FAST]);
    const ballast = join(disk, "ballast");
    const fill = spawnSync("dd", ["if=/dev/zero", `of=${ballast}`], { encoding: "utf8" });
    assert.match(fill.stderr, /No space left/);
    const { code, stderr } = await cli.run(["revoke", "--from", output, ...FAST]);
    assert.equal(code, 1);
    assert.match(stderr, /50 tokens revoked \(50 now\), 0 not revoked\n/);
    assert.match(stderr, /error: .*results\.ndjson: no space left on device/);
    assert.ok((await cli.control.tokens()).every(({ status }) => status === "revoked"));
    rmSync(ballast);
    assert.equal((await cli.run(["revoke", "--from", output, ...FAST])).code, 0);
    assert.deepEqual(statesOf(output), { revoked: 50 });
  } finally {
    spawnSync("umount", [disk]);
  }
});
