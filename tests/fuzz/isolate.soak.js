// Tests 10,000 requests to one isolate in workerd: half of them are cancelled at random, and the
// others are answered.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Random, randomSeed } from "../support/random.ts";
import { SERVERS } from "../support/runtimes.ts";
import { tokenOf } from "./bodies.js";
import { plain, startScripted } from "../support/scripted.ts";

const REQUESTS = 10_000;
const CONCURRENCY = 50;

let server, runtime;
before(async () => {
  server = await startScripted();
  runtime = await SERVERS.workerd();
});
after(async () => {
  await runtime.stop();
  await server.close();
});

const seed = randomSeed();
test(`half of the requests are cancelled, the others are answered (seed ${seed})`, async () => {
  const { instance } = await runtime.call({ leftovers: true });
  const count = { answered: 0, cut: 0 };
  let next = 0;
  const work = async () => {
    while (next < REQUESTS) {
      const n = next++;
      count[await ask(n, n % 2 === 0 ? new Random(seed, n).int(0, 20) : undefined)]++;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));

  assert.ok(count.cut > REQUESTS / 4, `only ${count.cut} requests were cancelled in time`);
  assert.equal(count.answered + count.cut, REQUESTS);
  assert.deepEqual(server.strays, []);
  for (const [user, { arrived }] of server.calls)
    assert.ok(arrived.length <= 1, `a second token was requested for ${user}`);
  // The isolate is still the same, and works.
  const left = await runtime.call({ leftovers: true });
  assert.equal(left.instance, instance, "the Worker was restarted");
  assert.deepEqual(left.rejections, []);
  assert.equal(runtime.output(), "");
  for (let n = REQUESTS; n < REQUESTS + 100; n++) assert.equal(await ask(n), "answered");
});

/**
 * Creates a token for the `n`th user, and cancels the request after `cutAfter` milliseconds.
 * Returns "answered" or "cut".
 */
async function ask(n, cutAfter) {
  const token = { id: `sit_${n}`, userId: `user_${n}`, ticket: `ticket_${n}` };
  const bytes = plain(200, JSON.stringify(tokenOf(token, "pending")));
  const pieces = [{ bytes, wait: new Random(seed, n).int(0, 20) }];
  const answer = { effect: true, pieces, end: "keep" };
  server.calls.set(token.userId, { answers: [answer], arrived: [], effects: 0 });

  const gone = new AbortController();
  const timer = cutAfter !== undefined && setTimeout(() => gone.abort(), cutAfter);
  try {
    const client = { topLevel: server.url };
    const asked = { client, operation: "create", argument: { userId: token.userId } };
    const result = await runtime.call(asked, { signal: gone.signal });
    assert.equal(result.token?.id, token.id, JSON.stringify(result));
    return "answered";
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    return "cut";
  } finally {
    clearTimeout(timer);
  }
}
