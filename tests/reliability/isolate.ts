// Tests a long-lived isolate in workerd. Its requests share one client, which is created when the
// module loads; half of them are cancelled, and the others are answered.
import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { listen } from "../support/listen.ts";
import { Random } from "../support/random.ts";
import { SERVERS } from "../support/runtimes.ts";
import { TOKEN } from "../support/token.ts";

const CONCURRENCY = 50;

/**
 * The timeout of each cancelled call, in milliseconds. The next call ends it once it is a second
 * overdue.
 */
const TIMEOUT = 1000;
const OVERDUE = TIMEOUT + 1500;

/** The smallest object that a call could leave behind is larger, in bytes. */
const TOLERANCE = 100;

/** The linear memory grows by whole pages, of so many bytes. */
const PAGE = 65_536;

/** What the API does with the create of each user, and how many have arrived. */
const users = new Map<string, { arrived: number; answer: (response: ServerResponse) => void }>();
/** The creates of users that were not asked for. */
const strangers: string[] = [];
let runtime: Awaited<ReturnType<typeof SERVERS.workerd>>;
let url: string;

const api = createServer(async (request, response) => {
  if (request.url?.endsWith("/revoke")) return response.end(JSON.stringify(TOKEN));
  const body = await text(request);
  const user = users.get(JSON.parse(body).user_id);
  if (!user) return strangers.push(body);
  user.arrived++;
  return user.answer(response);
});

before(async () => {
  url = `http://127.0.0.1:${await listen(api)}`;
  runtime = await SERVERS.workerd();
});
after(async () => {
  await runtime.stop();
  api.closeAllConnections();
  api.close();
});

const call = (asked: object, signal?: AbortSignal) =>
  runtime.call({ client: { topLevel: url }, ...asked }, { signal });

/** Creates a token. The API answers after a while. */
async function answered(userId: string, random: Random) {
  const wait = random.int(0, 20);
  const user = {
    arrived: 0,
    async answer(response: ServerResponse) {
      await sleep(wait);
      response.end(JSON.stringify({ ...TOKEN, id: `sit_${userId}`, user_id: userId }));
    },
  };
  users.set(userId, user);
  const { token, error } = await call({ operation: "create", argument: { userId } });
  assert.equal(token?.id, `sit_${userId}`, JSON.stringify(error));
  assert.equal(user.arrived, 1);
}

/**
 * Creates a token, and cancels the request when it arrives at the API, which does not answer, or at
 * any time. Returns whether it was cancelled in time.
 */
async function cancelled(userId: string, random: Random) {
  const gone = new AbortController();
  const isEarly = random.chance(0.5);
  const timer = isEarly && setTimeout(() => gone.abort(), random.int(0, 20));
  users.set(userId, { arrived: 0, answer: () => isEarly || gone.abort() });
  const asked = { operation: "create", argument: { userId }, options: { timeout: TIMEOUT } };
  try {
    assert.equal((await call(asked, gone.signal)).error.code, "timeout");
    return false;
  } catch (error) {
    assert.equal((error as Error).name, "AbortError");
    return true;
  } finally {
    if (timer) clearTimeout(timer);
  }
}

/** Makes rounds of requests, until in each so many were cancelled, and answers as many others. */
export function testIsolate(seed: number, { rounds, count }: { rounds: number; count: number }) {
  test(`${rounds * count} cancelled requests leave nothing behind (seed ${seed})`, async () => {
    const { instance } = await runtime.call({ leftovers: true });
    const memory: number[] = [];
    for (let round = 0; round < rounds; round++) {
      let [made, cut] = [0, 0];
      const work = async () => {
        while (cut < count) {
          const n = made++;
          const [userId, random] = [`user_${round}_${n}`, new Random(seed + round, n)];
          if (n % 2 === 0) await answered(userId, random);
          else if (await cancelled(userId, random)) cut++;
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, work));
      await sleep(OVERDUE);
      const { token } = await call({ operation: "revoke", argument: TOKEN.id });
      assert.equal(token.status, TOKEN.status);
      const left = await runtime.call({ leftovers: true });
      assert.equal(left.instance, instance, "the Worker was restarted");
      assert.deepEqual([left.instances, left.inFlight, left.rejections], [1, 0, []]);
      memory.push(left.memory);
    }
    const pages = (memory[rounds - 1] - memory[0]) / PAGE;
    const allowed = Math.ceil(((rounds - 1) * count * TOLERANCE) / PAGE);
    assert.ok(pages <= allowed, `memory grew: ${memory.join(", ")}`);
    assert.deepEqual(strangers, []);
    const repeated = [...users].filter(([, { arrived }]) => arrived > 1);
    assert.deepEqual(repeated, [], "a second token was requested");
    assert.equal(runtime.output(), "");
  });
}
