// Output that cannot be written: no token is lost without a word, and a run does not end because
// nobody reads its messages.
import assert from "node:assert/strict";
import { closeSync, existsSync, openSync } from "node:fs";
import { describe, test } from "node:test";

import { BULK, RUNTIMES, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();

/** A file on a disk that is always full. */
const FULL = "/dev/full";
const skip = !existsSync(FULL) && `there is no ${FULL}`;

const LOST = /^error: standard output: no space left on device.*\n$/i;

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  /** Runs the command with standard output (1) or standard error (2) on a full disk. */
  const runFull = (args: string[], stream = 1) => {
    const fd = openSync(FULL, "w");
    const program = cli.run(args, { stdio: Array(3).fill("pipe").with(stream, fd), runtime });
    closeSync(fd);
    return program;
  };

  describe(name, { skip }, () => {
    test("create names a token that it cannot print, and how to revoke it", async () => {
      for (const how of ["--json", "--url-only"]) {
        await cli.control.reset();
        const program = await runFull(["create", "user_1", how]).ends(1);
        const [{ id }] = await cli.control.tokens();
        const said =
          `^error: ${id} was created, but could not be written to standard output ` +
          `\\(no space left on device.*\\)\\. Revoke it: clerk-sign-in-tokens revoke ${id}\n$`;
        assert.match(program.stderr, new RegExp(said, "i"));
      }
    });

    test("so it does when the reader of the pipe is gone", async () => {
      await cli.control.fault({ operation: "create", delay: 600_000 });
      const program = cli.run(["create", "user_1", "--json"], { runtime });
      program.child.stdout?.destroy();
      await cli.control.arrived(1);
      await cli.control.release();
      await program.ended;
      const [{ id }] = await cli.control.tokens();
      await program.ends(1, new RegExp(`^error: ${id} was created, but could not be written`));
    });

    test("revoke revokes all the same, and fails", async () => {
      await cli.bulk(2).ends(0);
      const ids = (await cli.control.tokens()).map(({ id }) => id);
      await runFull(["revoke", ...ids]).ends(1, LOST);
      const statuses = (await cli.control.tokens()).map(({ status }) => status);
      assert.deepEqual(statuses, ["revoked", "revoked"]);
    });

    test("help and version fail", async () => {
      for (const args of ["--help", "--version"]) await runFull([args]).ends(1, LOST);
    });

    test("bulk continues when its messages cannot be written, or nobody reads them", async () => {
      cli.list(`oops\n${usersList(50)}`);
      // A row is not usable.
      await runFull(BULK, 2).ends(1);
      assert.deepEqual(cli.states(), { created: 50 });
      const program = cli.run(BULK.with(3, "others.ndjson"), { runtime });
      program.child.stderr?.destroy();
      await program.ends(1);
      assert.deepEqual(cli.states(cli.file("others.ndjson")), { created: 50 });
    });
  });
}
