// Tests createMany and revokeMany of the installed package against the emulator.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { ManyOptions, ManyResult, Pause } from "clerk-sign-in-tokens/bulk";

import { startEmulator } from "../../emulator/server.ts";
import { installed } from "../support/app.ts";
import { useClient } from "../support/client.ts";

const { SignInTokens, SignInTokensError } = await installed();
const { createMany, revokeMany } = await installed("bulk.js");
const { fakeFetch } = await installed("testing.js");

const shared = useClient();
const FAST = { rateLimit: 100_000 };
const NO_WAIT = { status: 429, headers: { "retry-after": "0" } };
const user = (n: number) => ({ userId: `user_${n}` });
const users = (count: number) => Array.from({ length: count }, (_, n) => user(n));
const create = (inputs: Parameters<typeof createMany>[1], options: ManyOptions = FAST) =>
  Array.fromAsync(createMany(shared.tokens, inputs, options));

function assertCreated(results: ManyResult<unknown>[]) {
  for (const { error } of results) assert.ifError(error);
}

test("every input has exactly one result", async () => {
  const wrong = [{ userId: "nobody" }, { userId: "" }, { user: "user_1" } as never, null as never];
  const inputs = [...users(40), ...wrong, ...users(40)];
  const results = await create(inputs);
  const codes = ["not_found", "invalid_argument", "invalid_argument", "invalid_argument"];
  results.sort((a, b) => a.index - b.index);
  for (const [n, { index, input, token, error }] of results.entries()) {
    assert.equal(index, n);
    assert.equal(input, inputs[n]);
    assert.equal(token?.userId ?? error?.code, codes[n - 40] ?? inputs[n].userId);
  }
  assert.equal(results.length, inputs.length);
  assert.equal((await shared.control.tokens()).length, 80);

  const ids = results.flatMap(({ token }) => token?.id ?? []);
  const revoked = await Array.fromAsync(revokeMany(shared.tokens, ids, FAST));
  assert.ok(revoked.every(({ token }) => token?.status === "revoked"));
});

/** Returns options that note each pause and its end. */
function observed() {
  const events: ("resume" | { reason: string; until: number; code: string })[] = [];
  const onPause = ({ reason, until, error }: Pause) =>
    void events.push({ reason, until, code: error.code });
  return { events, options: { ...FAST, onPause, onResume: () => events.push("resume") } };
}

test("a 429 pauses the whole run, costs few requests, and is reported with its end", async () => {
  await shared.control.fault({ times: 3, status: 429, headers: { "retry-after": "1" } });
  const { events, options } = observed();
  const [before, begun] = [Date.now(), performance.now()];
  assertCreated(await create(users(60), { ...options, concurrency: 3 }));
  assert.ok(performance.now() - begun >= 1000, "the run waited for Retry-After");
  assert.equal((await shared.control.requests()).length, 60 + 3);
  const [pause] = events;
  assert.ok(pause !== "resume");
  assert.deepEqual([pause.reason, pause.code], ["rate_limit", "rate_limited"]);
  assert.ok(pause.until >= before + 1000 && pause.until < before + 60_000, `${pause.until}`);
  assert.equal(events.indexOf("resume"), events.length - 1);
});

test("an outage is reported; inputs without a connection get their token after it", async (t) => {
  const away = await startEmulator({ rateLimit: 0 });
  await away.close();
  const port = Number(new URL(away.url).port);
  const { events, options } = observed();
  let back: ReturnType<typeof startEmulator> | undefined;
  t.after(async () => (await back)?.close());
  const onPause = (pause: Pause) => {
    options.onPause(pause);
    back ??= startEmulator({ port, rateLimit: 0 });
  };
  const client = shared.client({ apiUrl: away.url });
  assertCreated(await Array.fromAsync(createMany(client, users(20), { ...options, onPause })));
  assert.partialDeepStrictEqual(events[0], { reason: "outage", code: "network" });
  assert.equal(events.at(-1), "resume");
});

test("what an observer throws changes nothing", async () => {
  await shared.control.fault(NO_WAIT);
  const fail = () => {
    throw new Error("not an error of the run");
  };
  assertCreated(await create(users(3), { ...FAST, onPause: fail, onResume: fail }));
  for (const name of ["onPause", "onResume"])
    assert.throws(() => createMany(shared.tokens, [], { [name]: 1 }), {
      message: `${name}: expected a function`,
    });
});

test("a create with a lost answer is reported and not retried", async () => {
  await shared.control.fault({ drop: "answer", effect: true });
  const outcomes = (await create(users(3))).map(({ error }) => error?.outcome);
  assert.deepEqual(outcomes.filter(Boolean), ["unknown"]);
  assert.equal((await shared.control.requests()).length, 3);
});

test("a revoke with a lost answer is retried, and its outcome is unknown", async () => {
  const { id } = await shared.tokens.create(user(1));
  await shared.control.fault({ operation: "revoke", drop: "answer", effect: true });
  const [{ error }] = await Array.fromAsync(revokeMany(shared.tokens, [id], FAST));
  assert.deepEqual([error?.code, error?.outcome], ["not_pending", "unknown"]);
});

test("an option that is undefined has its default", async () => {
  const names = ["concurrency", "maxRetries", "rateLimit", "signal", "timeout", "headers"];
  await shared.control.fault(NO_WAIT);
  const options = Object.fromEntries(names.map((name) => [name, undefined]));
  assertCreated(await create(users(3), options));
});

test("headers that can be read only once are sent with every request", async () => {
  const headers = new Map([["x-trace", "1"]]).entries();
  await create(users(3), { ...FAST, headers });
  const sent = (await shared.control.requests()).map(({ headers }) => headers["x-trace"]);
  assert.deepEqual(sent, ["1", "1", "1"]);
});

test("the attempts of an error are those of all retries", async () => {
  await shared.control.fault({ ...NO_WAIT, times: 3 });
  const [{ error }] = await create(users(1), { ...FAST, maxRetries: 2 });
  const { code, attempts, outcome } = error ?? {};
  assert.deepEqual([code, attempts, outcome], ["rate_limited", 3, "none"]);
});

test("inputs that fail end the run after the requests in flight", async () => {
  function* failing() {
    yield* users(3);
    throw new Error("the file was truncated");
  }
  const seen: number[] = [];
  const run = async () => {
    for await (const { index } of createMany(shared.tokens, failing(), FAST)) seen.push(index);
  };
  await assert.rejects(run, { message: "the file was truncated" });
  assert.deepEqual(seen.sort(), [0, 1, 2]);
});

test("inputs may be empty", async () => assert.deepEqual(await create([]), []));

for (const how of ["break", "an abort"])
  test(`after ${how} no request is sent, and no result is lost`, async () => {
    const controller = new AbortController();
    let isClosed = false;
    function* inputs() {
      try {
        for (let n = 0; ; n++) yield user(n);
      } finally {
        isClosed = true;
      }
    }
    const options = { ...FAST, concurrency: 8, signal: controller.signal };
    const run = createMany(shared.tokens, inputs(), options);
    const results: ManyResult<unknown>[] = [];
    for await (const result of run) if (results.push(result) >= 5) break;
    if (how === "an abort") controller.abort(new Error("enough"));
    const rest = (async () => {
      for await (const result of run) results.push(result);
    })();
    if (how === "break") await rest;
    else await assert.rejects(rest, { message: "enough" });
    assert.ok(isClosed);
    const made = (await shared.control.tokens()).map(({ id }) => id);
    assert.deepEqual(results.map(({ token }) => token?.id).sort(), made.sort());
    assert.ok(made.length < 20);
  });

test("a key from a function sets the limit, without another look-up", async () => {
  let lookUps = 0;
  const secretKey = async () => {
    lookUps++;
    return "sk_live_abc";
  };
  const client = new SignInTokens({ secretKey, fetch: fakeFetch() });
  assert.equal(client.instanceType, undefined);
  assertCreated(await Array.fromAsync(createMany(client, users(105))));
  assert.equal(lookUps, 105);
  assert.equal(client.instanceType, "production");
});

describe("before an input is pulled, a run refuses", () => {
  const refuses = (what: string, run: () => unknown) =>
    test(what, () =>
      assert.throws(
        run,
        (error) => error instanceof SignInTokensError && error.code === "invalid_argument",
      ),
    );
  const iterator = { [Symbol.iterator]: () => assert.fail() };
  for (const [name, values] of Object.entries({
    concurrency: [0, 1.5],
    maxRetries: [-1],
    rateLimit: [0],
    speed: [1],
    signal: [{}],
    timeout: [0],
    onPause: [1],
    onResume: [{}],
    headers: [{ authorization: "x" }, new Map([["authorization", "x"]]).entries(), iterator],
  }))
    for (const value of values)
      refuses(`${name} of ${JSON.stringify(value)}`, () =>
        createMany(shared.tokens, [], { [name]: value }),
      );
  refuses("no options", () => createMany(shared.tokens, [], null as never));
  for (const inputs of ["user_1", undefined, null, {}, 5])
    refuses(`inputs of ${inputs}`, () => createMany(shared.tokens, inputs as never));
  for (const client of [{}, undefined, null])
    refuses(`a client of ${client}`, () => createMany(client as never, []));
});
