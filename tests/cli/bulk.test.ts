// bulk: the tokens it creates, its messages and its exit codes.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describe, test } from "node:test";

import { closedPort } from "../support/closed-port.ts";
import { BULK, RUNTIMES, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();

const create = { operation: "create" } as const;
/** A lost answer to a create that took effect, and refusals. */
const LOST = { ...create, drop: "answer", effect: true } as const;
const refusal = (status: number, errors: object[] = []) => ({
  ...create,
  status,
  body: { errors },
});

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`creates many tokens, and names each unusable row, in ${name}`, async () => {
    const list =
      "\uFEFFuser_id,org_id\r\nuser_1,org_1\r\n\r\nnobody,\r\nuser_2,NULL\r\nuser_1,\r\n";
    const rows = /line 4: not a user ID[^]*line 6: the same user .*, with another organization/;
    const summary = /: 2 created \(2 now\), 0 failed, 0 unknown, 2 rows not usable\n/;
    const { stdout } = await cli.bulk(list, [], { runtime }).ends(1, rows, summary);
    assert.equal(stdout, "");
    assert.deepEqual(cli.states(), { created: 2 });
    for (const { id, url, token, user_id, created_at } of await cli.control.tokens()) {
      const record = cli.users().get(user_id);
      assert.deepEqual([record?.token_id, record?.url, record?.token], [id, url, token]);
      const expires_at = created_at + 2_592_000_000;
      assert.deepEqual([record?.created_at, record?.expires_at], [created_at, expires_at]);
      assert.equal(record?.org_id, user_id === "user_1" ? "org_1" : undefined);
    }
    assert.equal(statSync(cli.results).mode & 0o077, 0, "nobody else may read the links");
  });

  /** Starts bulk with standard input as its list. */
  const bulkFrom = (list: string, isEnd = false) =>
    cli.run(BULK.with(1, "-"), { runtime }).types(list, isEnd);

  test(`reads standard input, in ${name}`, async () => {
    await bulkFrom(usersList(50), true).ends(0);
    assert.deepEqual(cli.states(), { created: 50 });
  });

  test(`ends on the first Ctrl-C while standard input is idle, in ${name}`, async () => {
    const program = bulkFrom(usersList(5));
    await cli.control.arrived(5);
    await program.interrupt();
    await program.ends(130, /Not finished\. Run the same command again to continue\./);
  });
}

describe("the summary covers the whole results file", () => {
  test("a user who is unknown stays unknown, and is named again", async () => {
    await cli.control.fault({ ...LOST, times: 2 });
    const named = /unknown user_\d: no answer from 127[^]*unknown user_\d[^]*Application Logs/;
    for (let n = 0; n < 2; n++) {
      const counts = /8 created \(\d now\), 0 failed, 2 unknown/;
      await cli.bulk(10).ends(1, counts, named, /--retry-unknown/);
    }
    assert.equal((await cli.control.requests()).length, 10, "nobody was tried again");
    // With another list, the file still has the two.
    await cli.bulk("user_20\n").ends(1);
  });

  test("--retry-unknown creates a token for unknown users, and warns", async () => {
    await cli.control.fault(LOST);
    await cli.bulk(3).ends(1);
    const warning = /^warning: --retry-unknown may create a second token/;
    await cli.bulk(3, ["--retry-unknown"]).ends(0, warning);
    assert.deepEqual(cli.states(), { created: 3 });
    assert.equal((await cli.control.tokens()).length, 4);
  });

  test("a failed --retry-unknown leaves users unknown: they may still have a token", async () => {
    await cli.control.fault(LOST);
    await cli.bulk(1).ends(1);
    for (const status of [422, 401]) {
      await cli.control.fault(refusal(status));
      await cli.bulk(1, ["--retry-unknown"]).ends(1);
      assert.deepEqual(cli.states(), { unknown: 1 });
    }
    // With so many users, ten requests in a row fail at once: that ends a run.
    const env = { CLERK_API_URL: await closedPort() };
    await cli.bulk(20, ["--retry-unknown"], { env }).ends(1);
    assert.equal(cli.users().get("user_0")?.state, "unknown");
    const before = (await cli.control.requests()).length;
    await cli.bulk(1).ends(1);
    assert.equal((await cli.control.requests()).length, before);
  });

  test("only --retry-failed retries users who failed; one that is not sent stays so", async () => {
    await cli.control.fault(refusal(422, [{ code: "x", message: "no", long_message: "Not now." }]));
    const said = /2 created \(2 now\), 1 failed[^]*failed user_\d: Not now\n/;
    await cli.bulk(3).ends(1, said);
    await cli.bulk(3).ends(1);
    assert.equal((await cli.control.requests()).length, 3);
    await cli.control.fault(refusal(401));
    await cli.bulk(3, ["--retry-failed"]).ends(1);
    assert.deepEqual(cli.states(), { created: 2, failed: 1 });
    await cli.bulk(3, ["--retry-failed"]).ends(0);
    assert.deepEqual(cli.states(), { created: 3 });
  });

  test("many failures are named in a few lines", async () => {
    await cli.control.fault({ ...refusal(404), times: 50 });
    const said = /0 created \(0 now\), 50 failed[^]*and 47 more failed/;
    const { stderr } = await cli.bulk(50).ends(1, said);
    assert.ok(stderr.split("\n").length < 10, stderr);
  });
});

const INVALID = [{ code: "clerk_key_invalid", message: "x", long_message: "The key is invalid." }];

for (const [status, errors] of [[401, INVALID] as const, [403, []] as const]) {
  test(`a key refused with ${status} stops the run with one message`, async () => {
    await cli.control.fault({ ...refusal(status, [...errors]), times: 100 });
    const said = RegExp(`error: Clerk refused the secret key \\(${status}\\)`);
    const { stderr } = await cli.bulk(100).ends(1, said, /0 failed, 0 unknown/);
    assert.equal(stderr.match(/refused the secret key/g)?.length, 1);
    assert.ok((await cli.control.requests()).length <= 40);
    await cli.control.clearFaults();
    await cli.bulk(100, ["--quiet"]).ends(0, /^$/);
    assert.deepEqual(cli.states(), { created: 100 });
  });
}

test("a user for whom the rate limit never let up is sent again by the next run", async () => {
  await cli.control.fault({ ...refusal(429), headers: { "retry-after": "0" }, times: 11 });
  await cli.bulk(1).ends(1, /0 failed, 0 unknown, 1 not sent[^]*Run the same command again/);
  assert.deepEqual(cli.states(), { not_sent: 1 });
  await cli.bulk(1).ends(0);
});

test("a message from Clerk with U+2028 is one line, also when a run continues", async () => {
  const long_message = "one\u2028two";
  await cli.control.fault(refusal(422, [{ code: "x", message: "m", long_message }]));
  await cli.bulk(1).ends(1);
  assert.equal(cli.records().at(-1)?.error, long_message);
  await cli.bulk(1).ends(1, /1 failed/);
});
