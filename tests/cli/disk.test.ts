// A full disk: the run stops before the next request, and still records the results of the requests
// in flight.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import {
  BULK,
  FAST,
  lastRecords,
  RUNTIMES,
  statesOf,
  useCommand,
  usersList,
} from "../support/command.ts";

const cli = useCommand();
const USERS = 200;

/** Runs a command as root, with sudo if it takes no password. Returns whether it succeeded. */
function asRoot(...command: string[]) {
  const [program, ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  return spawnSync(program, args).status === 0;
}

/** Runs `work` with a small file system. Skips the test if none can be mounted. */
async function onDisk(t: TestContext, size: string, work: (disk: string) => Promise<void>) {
  const disk = cli.file("disk");
  mkdirSync(disk);
  if (!asRoot("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk))
    return t.skip("a file system cannot be mounted here: that takes root on Linux");
  try {
    await work(disk);
  } finally {
    asRoot("umount", disk);
  }
}

/** Runs bulk for so many users, with its results on the disk. */
const bulk = (users: number, output: string, runtime?: string[]) =>
  cli.run(["bulk", cli.file("users.csv", usersList(users)), "-o", output, ...FAST], { runtime });

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`a full disk stops the run, and nothing is lost, in ${name}`, (t) =>
    onDisk(t, "160k", async (disk) => {
      const output = join(disk, "results.ndjson");
      await cli.control.fault({ operation: "create", delay: 20, times: USERS });
      const { code, stderr } = await bulk(USERS, output, runtime);
      assert.equal(code, 1);
      const said = /error: .*results\.ndjson: no space left on device\. The run stopped\./i;
      assert.match(stderr, said);
      const tokens = await cli.control.tokens();
      assert.ok(tokens.length > 50 && tokens.length < USERS, String(tokens.length));
      const users = lastRecords(output);
      for (const { id, user_id, url } of tokens)
        assert.deepEqual([users.get(user_id)?.token_id, users.get(user_id)?.url], [id, url]);

      assert.equal((await bulk(USERS, output, runtime)).code, 1, "still full");
      assert.equal((await cli.control.tokens()).length, tokens.length);

      await cli.control.clearFaults();
      asRoot("mount", "-o", "remount,size=8m", disk);
      assert.equal((await bulk(USERS, output, runtime)).code, 0);
      assert.deepEqual(statesOf(output), { created: USERS });
      assert.equal((await cli.control.tokens()).length, USERS);
    }));
}

for (const what of ["bulk", "revoke"] as const) {
  test(`${what} fails when the disk loses the last results`, async () => {
    const env = cli.failing(`fs.fdatasyncSync = () => {
      throw new Error("EIO: i/o error, fdatasync");
    };`);
    if (what === "revoke") await cli.bulk(3);
    const args = what === "revoke" ? ["--from", "results.ndjson"] : BULK.slice(1);
    cli.file("users.csv", usersList(3));
    const { code, stderr } = await cli.run([what, ...args], { env });
    assert.equal(code, 1);
    const said =
      /error: results\.ndjson: i\/o error\. The last results may not be on the disk\.\n$/;
    assert.match(stderr, said);
  });
}

test("with a disk that is full from the start, nothing is sent", (t) =>
  onDisk(t, "128k", async (disk) => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "ballast"), Buffer.alloc(bavail * bsize - 8192));
    const { code, stderr } = await bulk(3, join(disk, "results.ndjson"));
    assert.equal(code, 1);
    assert.match(stderr, /^error: .*: no space left on device\n$/);
    assert.deepEqual(await cli.control.requests(), []);
    rmSync(join(disk, "ballast"));
    assert.equal((await bulk(3, join(disk, "results.ndjson"))).code, 0);
  }));

test("revoke --from works on a full disk, and records the rest later", (t) =>
  onDisk(t, "256k", async (disk) => {
    const output = join(disk, "results.ndjson");
    await bulk(50, output);
    const ballast = join(disk, "ballast");
    const fill = spawnSync("dd", ["if=/dev/zero", `of=${ballast}`], { encoding: "utf8" });
    assert.match(fill.stderr, /No space left/);
    const { code, stderr } = await cli.revoke([], output);
    assert.equal(code, 1);
    assert.match(stderr, /50 tokens revoked \(50 now\), 0 not revoked\n/);
    assert.match(stderr, /error: .*results\.ndjson: no space left on device/);
    assert.ok((await cli.control.tokens()).every(({ status }) => status === "revoked"));
    rmSync(ballast);
    assert.equal((await cli.revoke([], output)).code, 0);
    assert.deepEqual(statesOf(output), { revoked: 50 });
  }));
