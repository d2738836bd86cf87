// revoke: some tokens by their IDs, or all tokens of a results file.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { statesOf, useCommand } from "../support/command.ts";

const cli = useCommand();

const statuses = async () => (await cli.control.tokens()).map(({ status }) => status);

/** An answer with status 400 that is not Clerk's. */
const NOT_CLERKS = { operation: "revoke", status: 400, body: "<html>" } as const;

describe("revoke", () => {
  const create = async () => JSON.parse((await cli.run(["create", "user_1", "--json"])).stdout).id;

  test("is idempotent, also after a lost answer", async () => {
    const id = await create();
    await cli.control.fault({ operation: "revoke", drop: "answer", effect: true });
    const { code, stdout } = await cli.run(["revoke", id]);
    assert.deepEqual([code, stdout], [0, `${id} revoked\n`]);
    const again = await cli.run(["revoke", id]);
    const said = `${id} not pending: it was used, revoked or expired before\n`;
    assert.deepEqual([again.code, again.stdout], [0, said]);
  });

  test("does not count a 400 that is not Clerk's", async () => {
    const id = await create();
    await cli.control.fault(NOT_CLERKS);
    const { code, stdout, stderr } = await cli.run(["revoke", id]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, new RegExp(`^error: ${id}: .*rejected.*; HTTP 400\n$`));
    assert.deepEqual(await statuses(), ["pending"]);
  });

  test("stops at a refused key", async () => {
    const env = { CLERK_SECRET_KEY: "sk_test_other" };
    const args = ["revoke", "sit_1", "sit_2", "sit_3", "--concurrency", "1"];
    const { code, stderr } = await cli.run(args, { env });
    assert.equal(code, 1);
    assert.match(stderr, /^error: Clerk refused the secret key \(401\).*\. The run stops\.\n$/);
    assert.equal((await cli.control.requests()).length, 1);
  });

  test("waits for the answers at an interrupt, and sends nothing more", async () => {
    const fault = { status: 404, body: { errors: [] }, delay: 600_000 };
    await cli.control.fault({ operation: "revoke", ...fault });
    const program = cli.start(["revoke", "sit_1", "sit_2", "sit_3", "--concurrency", "1"]);
    await cli.control.arrived(1);
    await program.interrupt();
    await cli.control.release();
    assert.equal((await program.ended).code, 130);
    assert.equal((await cli.control.requests()).length, 1);
  });
});

describe("revoke --from", () => {
  test("revokes the tokens of a run, and is idempotent", async () => {
    await cli.bulk(30);
    const [one] = await cli.control.tokens();
    await cli.run(["revoke", one.id]);
    await cli.control.fault({ operation: "revoke", drop: "answer", effect: true, times: 3 });
    const { code, stderr } = await cli.revoke();
    assert.equal(code, 0);
    assert.match(stderr, /30 tokens revoked \(30 now\), 0 not revoked/);
    assert.ok((await statuses()).every((status) => status === "revoked"));
    const before = (await cli.control.requests()).length;
    assert.equal((await cli.revoke(["--quiet"])).stderr, "");
    assert.equal((await cli.control.requests()).length, before);
    assert.match((await cli.bulk(30)).stderr, /0 created \(0 now\).*30 revoked/);
  });

  test("leaves the token for the next run after a 400 that is not Clerk's", async () => {
    await cli.bulk(1);
    await cli.control.fault(NOT_CLERKS);
    const { code, stderr } = await cli.revoke();
    assert.equal(code, 1);
    assert.match(stderr, /0 tokens revoked \(0 now\), 1 not revoked/);
    assert.deepEqual(statesOf(cli.results), { created: 1 });
    assert.equal((await cli.revoke()).code, 0);
    assert.deepEqual(await statuses(), ["revoked"]);
  });

  test("continues after it was killed", async () => {
    await cli.bulk(60);
    await cli.control.fault({ operation: "revoke", times: 20, delay: 0 });
    await cli.control.fault({ operation: "revoke", times: 20, delay: 600_000 });
    const program = cli.start(["revoke", "--from", "results.ndjson", "--rate-limit", "100000"]);
    await cli.control.arrived(60 + 40);
    program.child.kill("SIGKILL");
    await program.ended;
    await cli.control.release();
    assert.equal((await cli.revoke()).code, 0);
    assert.ok((await statuses()).every((status) => status === "revoked"));
    assert.deepEqual(statesOf(cli.results), { revoked: 60 });
  });

  test("says that the tokens of unknown users are not in the file", async () => {
    await cli.control.fault({ operation: "create", drop: "answer", effect: true });
    await cli.bulk(2);
    const { code, stderr } = await cli.revoke();
    assert.equal(code, 1);
    assert.match(stderr, /1 token revoked[^]*unknown user_\d[^]*not in the file/);
  });

  test("stops at a refused key, with one message", async () => {
    await cli.bulk(50);
    await cli.control.fault({ operation: "revoke", status: 401, body: { errors: [] }, times: 50 });
    const { code, stderr } = await cli.revoke();
    assert.equal(code, 1);
    assert.equal(stderr.match(/refused the secret key/g)?.length, 1);
    const said = /0 tokens revoked \(0 now\), 50 not revoked[^]*Run the same command again/;
    assert.match(stderr, said);
  });
});
