// Output that cannot be written: no token is lost without a word, and a run does not end because nobody reads its messages.
import assert from "node:assert/strict";
import { closeSync, existsSync, openSync } from "node:fs";
import { describe, test } from "node:test";

import { FAST, RUNTIMES, statesOf, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();

/** A file on a disk that is always full. */
const FULL = "/dev/full";

/** Runs the command with standard output (1) or standard error (2) on a full disk. */
async function runFull(args, stream, options) {
  const fd = openSync(FULL, "w");
  const stdio = ["ignore", "pipe", "pipe"].with(stream, fd);
  try {
    return await cli.run(args, { stdio, ...options });
  } finally {
    closeSync(fd);
  }
}

const skip = !existsSync(FULL) && `there is no ${FULL}`;

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  describe(name, { skip }, () => {
    test("create names a token that it cannot print, and how to revoke it", async () => {
      for (const how of ["--json", "--url-only"]) {
        await cli.control.reset();
        const { code, stderr } = await runFull(["create", "user_1", how], 1, { runtime });
        const [{ id }] = await cli.control.tokens();
        assert.equal(code, 1);
        assert.match(
          stderr,
          new RegExp(
            `^error: ${id} was created, but could not be written to standard output \\(no space left on device.*\\)\\. ` +
              `Revoke it: clerk-sign-in-tokens revoke ${id}\n$`,
            "i",
          ),
        );
      }
    });

    test("so it does when the reader of the pipe is gone", async () => {
      await cli.control.fault({ operation: "create", delay: 300 });
      const program = cli.start(["create", "user_1", "--json"], { runtime });
      program.child.stdout.destroy();
      const { code, stderr } = await program.ended;
      const [{ id }] = await cli.control.tokens();
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`^error: ${id} was created, but could not be written`));
    });

    test("revoke revokes all the same, and fails", async () => {
      const ids = [];
      for (const user of ["user_1", "user_2"]) {
        const { stdout } = await cli.run(["create", user, "--json"], { runtime });
        ids.push(JSON.parse(stdout).id);
      }
      const { code, stderr } = await runFull(["revoke", ...ids], 1, { runtime });
      assert.equal(code, 1);
      assert.match(stderr, /^error: standard output: no space left on device.*\n$/i);
      const tokens = await cli.control.tokens();
      assert.deepEqual(
        tokens.map(({ status }) => status),
        ["revoked", "revoked"],
      );
    });

    test("help and version fail", async () => {
      for (const args of [["--help"], ["--version"]]) {
        const { code, stderr } = await runFull(args, 1, { runtime });
        assert.equal(code, 1);
        assert.match(stderr, /^error: standard output: no space left on device.*\n$/i);
      }
    });

    test("bulk goes on when its messages cannot be written", async () => {
      const list = cli.file("users.csv", `oops\n${usersList(50)}`);
      const args = ["bulk", list, "-o", "results.ndjson", ...FAST];
      assert.equal((await runFull(args, 2, { runtime })).code, 1, "a row is not usable");
      assert.deepEqual(statesOf(cli.file("results.ndjson")), { created: 50 });
    });

    test("bulk goes on when nobody reads its messages", async () => {
      const list = cli.file("users.csv", `oops\n${usersList(50)}`);
      const program = cli.start(["bulk", list, "-o", "results.ndjson", ...FAST], { runtime });
      program.child.stderr.destroy();
      assert.equal((await program.ended).code, 1, "a row is not usable");
      assert.deepEqual(statesOf(cli.file("results.ndjson")), { created: 50 });
    });
  });
}
