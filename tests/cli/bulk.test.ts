// bulk: the tokens it creates, its messages and its exit codes.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describe, test } from "node:test";

import { closedPort } from "../support/closed-port.ts";
import { lastRecords, recordsOf, RUNTIMES, statesOf, useCommand } from "../support/command.ts";

const cli = useCommand();

const create = { operation: "create" } as const;
/** A lost answer to a create that took effect, and refusals. */
const LOST = { ...create, drop: "answer", effect: true } as const;
const refusal = (status: number) => ({ ...create, status, body: { errors: [] } });

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`creates many tokens, and names each unusable row, in ${name}`, async () => {
    const list = "\uFEFFuser_id,org_id\r\nuser_1,org_1\r\n\r\nnobody,\r\nuser_2,\r\nuser_1,\r\n";
    const { code, stdout, stderr } = await cli.bulk(list, [], { runtime });
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /line 4: not a user ID[^]*line 6: the same user/);
    assert.match(stderr, /: 2 created \(2 now\), 0 failed, 0 unknown, 2 rows not usable\n/);
    assert.deepEqual(statesOf(cli.results), { created: 2 });
    for (const { id, url, token, user_id, created_at } of await cli.control.tokens()) {
      const record = lastRecords(cli.results).get(user_id);
      assert.deepEqual([record?.token_id, record?.url, record?.token], [id, url, token]);
      const expires_at = created_at + 2_592_000_000;
      assert.deepEqual([record?.created_at, record?.expires_at], [created_at, expires_at]);
    }
    assert.equal(statSync(cli.results).mode & 0o077, 0, "nobody else may read the links");
  });

  test(`reads standard input, in ${name}`, async () => {
    const program = cli.bulkFrom(50, [], { runtime });
    program.child.stdin?.end();
    assert.equal((await program.ended).code, 0);
    assert.deepEqual(statesOf(cli.results), { created: 50 });
  });

  test(`ends on the first Ctrl-C while standard input is idle, in ${name}`, async () => {
    const program = cli.bulkFrom(5, [], { runtime });
    await cli.control.arrived(5);
    await program.interrupt();
    const { code, stderr } = await program.ended;
    assert.equal(code, 130);
    assert.match(stderr, /Not finished\. Run the same command again to continue\./);
  });
}

describe("the summary covers the whole results file", () => {
  test("a user who is unknown stays unknown, and is named again", async () => {
    await cli.control.fault({ ...LOST, times: 2 });
    for (const { code, stderr } of [await cli.bulk(10), await cli.bulk(10)]) {
      assert.equal(code, 1);
      assert.match(stderr, /8 created \(\d now\), 0 failed, 2 unknown/);
      const named = /unknown user_\d: no answer from 127[^]*unknown user_\d[^]*Application Logs/;
      assert.match(stderr, named);
      assert.match(stderr, /--retry-unknown/);
    }
    assert.equal((await cli.control.requests()).length, 10, "nobody was tried again");
    // With another list, the file still has the two.
    assert.equal((await cli.bulk("user_20\n")).code, 1);
  });

  test("--retry-unknown creates a token for unknown users, and warns", async () => {
    await cli.control.fault(LOST);
    await cli.bulk(3);
    const { code, stderr } = await cli.bulk(3, ["--retry-unknown"]);
    assert.equal(code, 0);
    assert.match(stderr, /^warning: --retry-unknown may create a second token/);
    assert.deepEqual(statesOf(cli.results), { created: 3 });
    assert.equal((await cli.control.tokens()).length, 4);
  });

  test("a failed --retry-unknown leaves users unknown: they may still have a token", async () => {
    await cli.control.fault(LOST);
    await cli.bulk(1);
    for (const status of [422, 401]) {
      await cli.control.fault(refusal(status));
      assert.equal((await cli.bulk(1, ["--retry-unknown"])).code, 1);
      assert.deepEqual(statesOf(cli.results), { unknown: 1 });
    }
    // With so many users, ten requests in a row fail at once: that ends a run.
    const env = { CLERK_API_URL: await closedPort() };
    assert.equal((await cli.bulk(20, ["--retry-unknown"], { env })).code, 1);
    assert.equal(lastRecords(cli.results).get("user_0")?.state, "unknown");
    const before = (await cli.control.requests()).length;
    await cli.bulk(1);
    assert.equal((await cli.control.requests()).length, before);
  });

  test("only --retry-failed retries users who failed; one that is not sent stays so", async () => {
    const errors = [{ code: "x", message: "no", long_message: "Not now." }];
    await cli.control.fault({ ...create, status: 422, body: { errors } });
    const first = await cli.bulk(3);
    assert.equal(first.code, 1);
    assert.match(first.stderr, /2 created \(2 now\), 1 failed[^]*failed user_\d: Not now\n/);
    assert.equal((await cli.bulk(3)).code, 1);
    assert.equal((await cli.control.requests()).length, 3);
    await cli.control.fault(refusal(401));
    await cli.bulk(3, ["--retry-failed"]);
    assert.deepEqual(statesOf(cli.results), { created: 2, failed: 1 });
    assert.equal((await cli.bulk(3, ["--retry-failed"])).code, 0);
    assert.deepEqual(statesOf(cli.results), { created: 3 });
  });

  test("many failures are named in a few lines", async () => {
    await cli.control.fault({ ...refusal(404), times: 50 });
    const { stderr } = await cli.bulk(50);
    assert.match(stderr, /0 created \(0 now\), 50 failed[^]*and 47 more failed/);
    assert.ok(stderr.split("\n").length < 10, stderr);
  });
});

const INVALID = [{ code: "clerk_key_invalid", message: "x", long_message: "The key is invalid." }];

for (const [status, errors] of [[401, INVALID] as const, [403, []] as const]) {
  test(`a key refused with ${status} stops the run with one message`, async () => {
    await cli.control.fault({ ...create, status, body: { errors }, times: 100 });
    const { code, stderr } = await cli.bulk(100);
    assert.equal(code, 1);
    assert.equal(stderr.match(/refused the secret key/g)?.length, 1);
    assert.match(stderr, new RegExp(`error: Clerk refused the secret key \\(${status}\\)`));
    assert.match(stderr, /0 failed, 0 unknown/);
    assert.ok((await cli.control.requests()).length <= 40);
    await cli.control.clearFaults();
    const next = await cli.bulk(100, ["--quiet"]);
    assert.deepEqual([next.code, next.stderr], [0, ""]);
    assert.deepEqual(statesOf(cli.results), { created: 100 });
  });
}

test("a user for whom the rate limit never let up is sent again by the next run", async () => {
  await cli.control.fault({ ...refusal(429), headers: { "retry-after": "0" }, times: 11 });
  const { code, stderr } = await cli.bulk(1);
  assert.equal(code, 1);
  assert.match(stderr, /0 failed, 0 unknown, 1 not sent[^]*Run the same command again/);
  assert.deepEqual(statesOf(cli.results), { not_sent: 1 });
  assert.equal((await cli.bulk(1)).code, 0);
});

test("a message from Clerk with U+2028 is one line, also when a run continues", async () => {
  const errors = [{ code: "x", message: "m", long_message: "one\u2028two" }];
  await cli.control.fault({ ...create, status: 422, body: { errors } });
  await cli.bulk(1);
  assert.equal(recordsOf(cli.results).at(-1)?.error, "one\u2028two");
  const { code, stderr } = await cli.bulk(1);
  assert.equal(code, 1);
  assert.match(stderr, /1 failed/);
});
