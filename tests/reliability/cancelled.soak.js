// Tests that 8,000 requests to a Worker that are cancelled while their call is in flight leave
// nothing behind in the isolate that they share, and that it answers other requests meanwhile.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";

import { SERVERS } from "../support/runtimes.ts";
import { TOKEN } from "../support/token.ts";

const ROUNDS = 8;
const CANCELLED = 1000;
const CONCURRENCY = 20;

/**
 * The timeout of each cancelled call, in milliseconds. The next call ends it once it is a second
 * overdue.
 */
const TIMEOUT = 1000;
const OVERDUE = TIMEOUT + 1500;

/**
 * Allows 100 bytes for each cancelled call. The smallest object that a call could leave behind is
 * larger.
 */
const TOLERANCE = (ROUNDS - 1) * CANCELLED * 100;

/** Callbacks by user ID, called when the user's create arrives at the API. */
const arrivals = new Map();
let api, runtime, url;

before(async () => {
  // This API answers every revoke, and never answers a create.
  api = createServer(async (request, response) => {
    if (request.url.endsWith("/revoke")) return response.end(JSON.stringify(TOKEN));
    arrivals.get(JSON.parse(await text(request)).user_id)?.();
  });
  await once(api.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${api.address().port}`;
  runtime = await SERVERS.workerd();
});
after(async () => {
  await runtime.stop();
  api.closeAllConnections();
  api.close();
});

const client = () => ({ topLevel: url });
const revoke = () => runtime.call({ client: client(), operation: "revoke", argument: "sit_1" });

/** Creates a token and cancels the request. Returns false if the call timed out first. */
async function createAndCancel(userId) {
  const gone = new AbortController();
  const asked = {
    client: client(),
    operation: "create",
    argument: { userId },
    options: { timeout: TIMEOUT },
  };
  arrivals.set(userId, () => gone.abort());
  try {
    assert.equal((await runtime.call(asked, { signal: gone.signal })).error.code, "timeout");
    return false;
  } catch (error) {
    assert.equal(error.name, "AbortError");
    return true;
  } finally {
    arrivals.delete(userId);
  }
}

/**
 * Cancels requests concurrently while it sends others. Returns how many of the others were
 * answered.
 */
async function cancelMany(round) {
  let made = 0;
  let cancelled = 0;
  let isDone = false;
  const cancel = async () => {
    while (cancelled < CANCELLED) if (await createAndCancel(`user_${round}_${made++}`)) cancelled++;
  };
  const others = async () => {
    let answered = 0;
    while (!isDone) {
      assert.equal((await revoke()).token?.status, TOKEN.status);
      answered++;
    }
    return answered;
  };
  const answered = others();
  await Promise.all(Array.from({ length: CONCURRENCY }, cancel)).finally(() => (isDone = true));
  return answered;
}

test("8,000 cancelled requests leave nothing behind", async () => {
  const memory = [];
  for (let round = 0; round < ROUNDS; round++) {
    assert.ok((await cancelMany(round)) > 0);
    await sleep(OVERDUE);
    await revoke();
    const usage = await runtime.call({ usage: true });
    assert.deepEqual([usage.instances, usage.inFlight], [1, 0]);
    memory.push(usage.memory);
  }
  assert.ok(memory.at(-1) - memory[0] < TOLERANCE, `linear memory grew: ${memory.join(", ")}`);
  assert.doesNotMatch(runtime.output(), /different request/);
});
