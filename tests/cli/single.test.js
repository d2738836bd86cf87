// create and revoke of single tokens, in every runtime.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { deserted, RUNTIMES, useCommand } from "../support/command.ts";

const cli = useCommand();

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  describe(name, () => {
    test("creates and revokes", async () => {
      const args = ["create", "user_1", "--org", "org_1", "--expires", "10m", "--json"];
      const { stdout, stderr, code } = await cli.run(args, { runtime });
      const token = JSON.parse(stdout);
      assert.deepEqual([code, token.userId, stderr], [0, "user_1", ""]);
      const { body } = (await cli.control.requests())[0];
      assert.deepEqual(JSON.parse(body), {
        user_id: "user_1",
        org_id: "org_1",
        expires_in_seconds: 600,
      });
      const revoked = await cli.run(["revoke", token.id, "sit_none"], { runtime });
      assert.deepEqual([revoked.stdout, revoked.code], [`${token.id} revoked\n`, 1]);
      assert.match(revoked.stderr, /^error: sit_none: not found; .*; trace ID \w+\n$/);
    });

    test("prints the link alone", async () => {
      const { stdout } = await cli.run(["create", "user_1", "--url-only"], { runtime });
      assert.equal(stdout, `${(await cli.control.tokens())[0].url}\n`);
    });

    test("without a connection, names the host and the cause, and says that nothing was sent", async () => {
      const env = { CLERK_API_URL: await deserted() };
      const { code, stderr } = await cli.run(["create", "user_1", "--json"], { runtime, env });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^error: no connection to 127\.0\.0\.1:\d+, so nothing was sent \(.*\)\n$/,
      );
      assert.doesNotMatch(stderr, /may have/);
    });

    test("after a lost answer, says where to look", async () => {
      await cli.control.fault({ operation: "create", drop: "answer", effect: true });
      const { code, stdout, stderr } = await cli.run(["create", "user_1", "--json"], { runtime });
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(
        stderr,
        /^error: no answer from 127\.0\.0\.1:\d+ \(.+\)\. A token may have been created\. Look in .*Application Logs/,
      );
      assert.equal(stderr.match(/may have/g).length, 1, "once");
      assert.equal((await cli.control.tokens()).length, 1);
    });

    test("an interrupted create waits for the answer", async () => {
      await cli.control.fault({ operation: "create", delay: 600_000 });
      const program = cli.start(["create", "user_1", "--url-only"], { runtime });
      while ((await cli.control.requests()).length < 1) await sleep(10);
      program.child.kill("SIGINT");
      while (!program.stderr.includes("Waiting")) await sleep(10);
      await cli.control.release();
      const { code, stdout, stderr } = await program.ended;
      assert.deepEqual([code, stdout], [0, `${(await cli.control.tokens())[0].url}\n`]);
      assert.equal(stderr, "Waiting for the answer. Press Ctrl-C again to stop at once.\n");
    });

    test("create that is interrupted twice says that a token may exist, and where to look", async () => {
      await cli.control.fault({ operation: "create", delay: 60_000 });
      const program = cli.start(["create", "user_1", "--url-only"], { runtime });
      while ((await cli.control.requests()).length < 1) await sleep(10);
      program.child.kill("SIGINT");
      while (!program.stderr.includes("Waiting")) await sleep(10);
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

describe("revoke", () => {
  const create = async () => JSON.parse((await cli.run(["create", "user_1", "--json"])).stdout).id;

  test("of a token that a request with a lost answer revoked succeeds", async () => {
    const id = await create();
    await cli.control.fault({ operation: "revoke", drop: "answer", effect: true });
    const { code, stdout } = await cli.run(["revoke", id]);
    assert.deepEqual([code, stdout], [0, `${id} revoked\n`]);
  });

  test("revoking is idempotent", async () => {
    const id = await create();
    await cli.run(["revoke", id]);
    const { code, stdout } = await cli.run(["revoke", id]);
    assert.deepEqual(
      [code, stdout],
      [0, `${id} not pending: it was used, revoked or expired before\n`],
    );
  });

  for (const body of ["<html>Bad Request</html>", { errors: [] }]) {
    test(`a 400 that is not Clerk's does not count as revoked: ${JSON.stringify(body)}`, async () => {
      const id = await create();
      await cli.control.fault({ operation: "revoke", status: 400, body });
      const { code, stdout, stderr } = await cli.run(["revoke", id]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, new RegExp(`^error: ${id}: .*rejected.*; HTTP 400\n$`));
      assert.equal((await cli.control.tokens())[0].status, "pending");
    });
  }

  test("stops at a refused key", async () => {
    const env = { CLERK_SECRET_KEY: "sk_test_other" };
    const args = ["revoke", "sit_1", "sit_2", "sit_3", "--concurrency", "1"];
    const { code, stderr } = await cli.run(args, { env });
    assert.equal(code, 1);
    assert.match(stderr, /^error: Clerk refused the secret key \(401\).*\. The run stops\.\n$/);
    assert.equal((await cli.control.requests()).length, 1);
  });
});
