// A full disk: the run stops before the next request, and still records the results of the requests
// in flight.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { BULK, RUNTIMES, useCommand } from "../support/command.ts";

const cli = useCommand();
const USERS = 200;

/** Runs a command as root, with sudo if it takes no password. Returns whether it succeeded. */
function asRoot(...command: string[]) {
  const [program, ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  return spawnSync(program, args).status === 0;
}

/**
 * Runs `work` with a folder of a small file system, and the results file in it. Skips the test if
 * none can be mounted.
 */
async function onDisk(
  t: TestContext,
  size: string,
  work: (disk: string, output: string) => Promise<void>,
) {
  const disk = cli.file("disk");
  mkdirSync(disk);
  if (!asRoot("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk))
    return t.skip("a file system cannot be mounted here: that takes root on Linux");
  try {
    await work(disk, join(disk, "results.ndjson"));
  } finally {
    asRoot("umount", disk);
  }
}

/** Starts bulk for so many users, with its results on the disk. */
function bulk(users: number, output: string, runtime?: string[]) {
  cli.list(users);
  return cli.run(BULK.with(3, output), { runtime });
}

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`a full disk stops the run, and nothing is lost, in ${name}`, (t) =>
    onDisk(t, "160k", async (disk, output) => {
      await cli.control.fault({ operation: "create", delay: 20, times: USERS });
      const said = /error: .*results\.ndjson: no space left on device\. The run stopped\./i;
      await bulk(USERS, output, runtime).ends(1, said);
      const tokens = await cli.control.tokens();
      assert.ok(tokens.length > 50 && tokens.length < USERS, String(tokens.length));
      const users = cli.users(output);
      for (const { id, user_id, url } of tokens)
        assert.deepEqual([users.get(user_id)?.token_id, users.get(user_id)?.url], [id, url]);

      await bulk(USERS, output, runtime).ends(1);
      assert.equal((await cli.control.tokens()).length, tokens.length, "still full");

      await cli.control.clearFaults();
      asRoot("mount", "-o", "remount,size=8m", disk);
      await bulk(USERS, output, runtime).ends(0);
      assert.deepEqual(cli.states(output), { created: USERS });
      assert.equal((await cli.control.tokens()).length, USERS);
    }));
}

for (const what of ["bulk", "revoke"] as const) {
  test(`${what} fails when the disk loses the last results`, async () => {
    const env = cli.failing(`fs.fdatasyncSync = () => {
      throw new Error("EIO: i/o error, fdatasync");
    };`);
    if (what === "revoke") await cli.bulk(3).ends(0);
    const args = what === "revoke" ? ["revoke", "--from", "results.ndjson"] : BULK;
    cli.list(3);
    const said =
      /error: results\.ndjson: i\/o error\. The last results may not be on the disk\.\n$/;
    await cli.run(args, { env }).ends(1, said);
  });
}

test("with a disk that is full from the start, nothing is sent", (t) =>
  onDisk(t, "128k", async (disk, output) => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "ballast"), Buffer.alloc(bavail * bsize - 8192));
    await bulk(3, output).ends(1, /^error: .*: no space left on device\n$/);
    assert.deepEqual(await cli.control.requests(), []);
    rmSync(join(disk, "ballast"));
    await bulk(3, output).ends(0);
  }));

test("revoke --from works on a full disk, and records the rest later", (t) =>
  onDisk(t, "256k", async (disk, output) => {
    await bulk(50, output).ends(0);
    const ballast = join(disk, "ballast");
    const fill = spawnSync("dd", ["if=/dev/zero", `of=${ballast}`], { encoding: "utf8" });
    assert.match(fill.stderr, /No space left/);
    const revoked = /50 tokens revoked \(50 now\), 0 not revoked\n/;
    await cli.revoke([], output).ends(1, revoked, /error: .*results\.ndjson: no space left on dev/);
    assert.ok((await cli.control.tokens()).every(({ status }) => status === "revoked"));
    rmSync(ballast);
    await cli.revoke([], output).ends(0);
    assert.deepEqual(cli.states(output), { revoked: 50 });
  }));
