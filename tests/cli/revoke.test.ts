// revoke: some tokens by their IDs, or all tokens of a results file.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { useCommand } from "../support/command.ts";

const cli = useCommand();

const statuses = async () => (await cli.control.tokens()).map(({ status }) => status);

describe("revoke", () => {
  test("is idempotent, also after a lost answer", async () => {
    const { stdout: token } = await cli.run(["create", "user_1", "--json"]).ends(0);
    const { id } = JSON.parse(token);
    await cli.control.fault({ operation: "revoke", drop: "answer", effect: true });
    const { stdout } = await cli.run(["revoke", id]).ends(0);
    assert.equal(stdout, `${id} revoked\n`);
    const again = await cli.run(["revoke", id]).ends(0);
    assert.equal(again.stdout, `${id} not pending: it was used, revoked or expired before\n`);
  });

  test("stops at a refused key", async () => {
    const env = { CLERK_SECRET_KEY: "sk_test_other" };
    const args = ["revoke", "sit_1", "sit_2", "sit_3", "--concurrency", "1"];
    const said = /^error: Clerk refused the secret key \(401\).*\. The run stops\.\n$/;
    await cli.run(args, { env }).ends(1, said);
    assert.equal((await cli.control.requests()).length, 1);
  });

  test("waits for the answers at an interrupt, and sends nothing more", async () => {
    const fault = { status: 404, body: { errors: [] }, delay: 600_000 };
    await cli.control.fault({ operation: "revoke", ...fault });
    const program = cli.run(["revoke", "sit_1", "sit_2", "sit_3", "--concurrency", "1"]);
    await cli.control.arrived(1);
    await program.interrupt();
    await cli.control.release();
    await program.ends(130);
    assert.equal((await cli.control.requests()).length, 1);
  });
});

describe("revoke --from", () => {
  test("revokes the tokens of a run, and is idempotent", async () => {
    await cli.bulk(30).ends(0);
    const [one] = await cli.control.tokens();
    await cli.run(["revoke", one.id]).ends(0);
    await cli.control.fault({ operation: "revoke", drop: "answer", effect: true, times: 3 });
    await cli.revoke().ends(0, /30 tokens revoked \(30 now\), 0 not revoked/);
    assert.ok((await statuses()).every((status) => status === "revoked"));
    const before = (await cli.control.requests()).length;
    await cli.revoke(["--quiet"]).ends(0, /^$/);
    assert.equal((await cli.control.requests()).length, before);
    await cli.bulk(30).ends(0, /0 created \(0 now\).*30 revoked/);
  });

  test("does not count a 400 that is not Clerk's: the token is left to the next run", async () => {
    await cli.bulk(1).ends(0);
    const [{ id }] = await cli.control.tokens();
    await cli.control.fault({ operation: "revoke", status: 400, body: "<html>" });
    const named = RegExp(`^error: user_0, ${id}: .*rejected.*; HTTP 400\n`);
    await cli.revoke().ends(1, named, /0 tokens revoked \(0 now\), 1 not revoked/);
    assert.deepEqual(await statuses(), ["pending"]);
    assert.deepEqual(cli.states(), { created: 1 });
    await cli.revoke().ends(0);
    assert.deepEqual(await statuses(), ["revoked"]);
  });

  test("continues after it was killed", async () => {
    await cli.bulk(60).ends(0);
    await cli.control.fault({ operation: "revoke", times: 20, delay: 0 });
    await cli.control.fault({ operation: "revoke", times: 20, delay: 600_000 });
    const program = cli.revoke();
    await cli.control.arrived(60 + 40);
    await program.kill();
    await cli.control.release();
    await cli.revoke().ends(0);
    assert.ok((await statuses()).every((status) => status === "revoked"));
    assert.deepEqual(cli.states(), { revoked: 60 });
  });

  test("says that the tokens of unknown users are not in the file", async () => {
    await cli.control.fault({ operation: "create", drop: "answer", effect: true });
    await cli.bulk(2).ends(1);
    await cli.revoke().ends(1, /1 token revoked[^]*unknown user_\d[^]*not in the file/);
  });

  test("stops at a refused key, with one message", async () => {
    await cli.bulk(50).ends(0);
    await cli.control.fault({ operation: "revoke", status: 401, body: { errors: [] }, times: 50 });
    const said = /0 tokens revoked \(0 now\), 50 not revoked[^]*Run the same command again/;
    const { stderr } = await cli.revoke().ends(1, said);
    assert.equal(stderr.match(/refused the secret key/g)?.length, 1);
  });
});
