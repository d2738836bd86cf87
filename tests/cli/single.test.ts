// create and revoke of single tokens, in every runtime.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { closedPort } from "../support/closed-port.ts";
import { RUNTIMES, useCommand } from "../support/command.ts";

const cli = useCommand();

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  describe(name, () => {
    test("creates and revokes", async () => {
      const args = ["create", "user_1", "--org", "org_1", "--expires", "10m", "--json"];
      const { stdout, stderr, code } = await cli.run(args, { runtime });
      const token = JSON.parse(stdout);
      assert.deepEqual([code, token.userId, stderr], [0, "user_1", ""]);
      const [{ body }] = await cli.control.requests();
      const sent = { user_id: "user_1", org_id: "org_1", expires_in_seconds: 600 };
      assert.deepEqual(JSON.parse(String(body)), sent);
      const revoked = await cli.run(["revoke", token.id, "sit_none"], { runtime });
      assert.deepEqual([revoked.stdout, revoked.code], [`${token.id} revoked\n`, 1]);
      assert.match(revoked.stderr, /^error: sit_none: not found; .*; trace ID \w+\n$/);
    });

    test("prints the link alone", async () => {
      const { stdout } = await cli.run(["create", "user_1", "--url-only"], { runtime });
      assert.equal(stdout, `${(await cli.control.tokens())[0].url}\n`);
    });

    test("without a connection, names the host and the cause; nothing was sent", async () => {
      const env = { CLERK_API_URL: await closedPort() };
      const { code, stderr } = await cli.run(["create", "user_1", "--json"], { runtime, env });
      assert.equal(code, 1);
      const said = /^error: no connection to 127\.0\.0\.1:\d+, so nothing was sent \(.*\)\n$/;
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /may have/);
    });

    test("says where to look after a lost answer", async () => {
      await cli.control.fault({ operation: "create", drop: "answer", effect: true });
      const { code, stdout, stderr } = await cli.run(["create", "user_1", "--json"], { runtime });
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(
        stderr,
        /^error: no answer from 127\.0\.0\.1:\d+ \(.+\)\. A token may have been/,
      );
      assert.match(stderr, /created\. Look in .*Application Logs/);
      assert.equal(stderr.match(/may have/g)?.length, 1, "once");
      assert.equal((await cli.control.tokens()).length, 1);
    });

    /** Starts a create, and interrupts it before its answer. */
    const interrupted = async () => {
      await cli.control.fault({ operation: "create", delay: 600_000 });
      const program = cli.start(["create", "user_1", "--url-only"], { runtime });
      await cli.control.arrived(1);
      await program.interrupt();
      return program;
    };

    test("waits for the answer at an interrupt", async () => {
      const program = await interrupted();
      await cli.control.release();
      const { code, stdout, stderr } = await program.ended;
      assert.deepEqual([code, stdout], [0, `${(await cli.control.tokens())[0].url}\n`]);
      assert.equal(stderr, "Waiting for the answer. Press Ctrl-C again to stop at once.\n");
    });

    test("says at a second interrupt that a token may exist, and where to look", async () => {
      const program = await interrupted();
      // A sooner one may be the same key press.
      await sleep(600);
      program.child.kill("SIGINT");
      const { code, stdout, stderr } = await program.ended;
      assert.deepEqual([code, stdout], [130, ""]);
      assert.match(
        stderr,
        /\nerror: A token may have been created\. Look in .*Application Logs.*\n$/,
      );
    });
  });
}
