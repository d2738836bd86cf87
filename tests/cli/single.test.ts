// create and revoke of single tokens, in every runtime.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { closedPort } from "../support/closed-port.ts";
import { RUNTIMES, useCommand } from "../support/command.ts";

const cli = useCommand();

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  describe(name, () => {
    test("creates and revokes", async () => {
      const args = ["create", "user_1", "--org", "org_1", "--expires", "10m", "--json"];
      const { stdout } = await cli.run(args, { runtime }).ends(0, /^$/);
      const token = JSON.parse(stdout);
      assert.equal(token.userId, "user_1");
      const [{ body }] = await cli.control.requests();
      const sent = { user_id: "user_1", org_id: "org_1", expires_in_seconds: 600 };
      assert.deepEqual(JSON.parse(String(body)), sent);
      const failed = /^error: sit_none: not found; .*; trace ID \w+\n$/;
      const revoked = await cli.run(["revoke", token.id, "sit_none"], { runtime }).ends(1, failed);
      assert.equal(revoked.stdout, `${token.id} revoked\n`);
    });

    test("prints the link alone", async () => {
      const { stdout } = await cli.run(["create", "user_1", "--url-only"], { runtime }).ends(0);
      assert.equal(stdout, `${(await cli.control.tokens())[0].url}\n`);
    });

    test("without a connection, names the host and the cause; nothing was sent", async () => {
      const env = { CLERK_API_URL: await closedPort() };
      const said = /^error: no connection to 127\.0\.0\.1:\d+, so nothing was sent \(.*\)\n$/;
      const args = ["create", "user_1", "--json"];
      const { stderr } = await cli.run(args, { runtime, env }).ends(1, said);
      assert.doesNotMatch(stderr, /may have/);
    });

    test("says where to look after a lost answer", async () => {
      await cli.control.fault({ operation: "create", drop: "answer", effect: true });
      const said =
        /^error: no answer from 127\.0\.0\.1:\d+ \(.+\)\. A token may have been created\. Look in /;
      const program = cli.run(["create", "user_1", "--json"], { runtime });
      const { stdout, stderr } = await program.ends(1, said, /Application Logs/);
      assert.equal(stdout, "");
      assert.equal(stderr.match(/may have/g)?.length, 1, "once");
      assert.equal((await cli.control.tokens()).length, 1);
    });

    /** Starts a create, and interrupts it before its answer. */
    const interrupted = async () => {
      await cli.control.fault({ operation: "create", delay: 600_000 });
      const program = cli.run(["create", "user_1", "--url-only"], { runtime });
      await cli.control.arrived(1);
      await program.interrupt();
      return program;
    };

    test("waits for the answer at an interrupt", async () => {
      const program = await interrupted();
      await cli.control.release();
      const said = /^Waiting for the answer\. Press Ctrl-C again to stop at once\.\n$/;
      const { stdout } = await program.ends(0, said);
      assert.equal(stdout, `${(await cli.control.tokens())[0].url}\n`);
    });

    test("says at a second interrupt that a token may exist, and where to look", async () => {
      const program = await interrupted();
      await program.interruptAgain();
      const said = /\nerror: A token may have been created\. Look in .*Application Logs.*\n$/;
      const { stdout } = await program.ends(130, said);
      assert.equal(stdout, "");
    });
  });
}
