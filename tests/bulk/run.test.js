// Tests createMany and revokeMany of the installed package against the emulator.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

import { Control } from "../../emulator/control-client.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { app, installed } from "../support/app.ts";

const { SignInTokens, SignInTokensError } = await installed();
const { createMany, revokeMany } = await import(
  pathToFileURL(join(app, "node_modules", "clerk-sign-in-tokens", "bulk.js"))
);
const { fakeFetch } = await import(
  pathToFileURL(join(app, "node_modules", "clerk-sign-in-tokens", "testing.js"))
);

let emulator, control, tokens;
const FAST = { rateLimit: 100_000 };
const users = (count) => Array.from({ length: count }, (_, n) => ({ userId: `user_${n}` }));

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
  tokens = new SignInTokens({ secretKey: SECRET_KEY, apiUrl: emulator.url });
});
beforeEach(() => control.reset());
after(() => emulator.close());

test("every input has exactly one result", async () => {
  const inputs = [
    ...users(40),
    { userId: "nobody" },
    { userId: "" },
    { user: "user_1" },
    null,
    ...users(40),
  ];
  const results = await Array.fromAsync(createMany(tokens, inputs, FAST));
  assert.deepEqual(
    results.map(({ index }) => index).sort((a, b) => a - b),
    inputs.map((_, n) => n),
  );
  for (const { index, input, token, error } of results) {
    assert.equal(input, inputs[index]);
    assert.equal(
      token?.userId ?? error.code,
      { 40: "not_found", 41: "invalid_argument", 42: "invalid_argument", 43: "invalid_argument" }[
        index
      ] ?? input.userId,
    );
  }
  assert.equal((await control.tokens()).length, 80);

  const revoked = await Array.fromAsync(
    revokeMany(
      tokens,
      results.flatMap(({ token }) => token?.id ?? []),
      FAST,
    ),
  );
  assert.ok(revoked.every(({ token }) => token.status === "revoked"));
});

test("a 429 pauses the whole run, and costs few requests", async () => {
  await control.fault({ times: 3, status: 429, headers: { "retry-after": "1" } });
  const begun = performance.now();
  const results = await Array.fromAsync(createMany(tokens, users(60), { ...FAST, concurrency: 3 }));
  assert.ok(results.every(({ token }) => token));
  assert.ok(performance.now() - begun >= 1000, "the run waited for Retry-After");
  assert.equal((await control.requests()).length, 60 + 3);
});

/** Returns options that note each pause and its end. */
function observed() {
  const events = [];
  const onPause = ({ reason, until, error }) => events.push({ reason, until, code: error.code });
  return { events, options: { ...FAST, onPause, onResume: () => events.push("resume") } };
}

test("a pause for the rate limit is told, with its end, and so is the next request's answer", async () => {
  await control.fault({ status: 429, headers: { "retry-after": "1" } });
  const { events, options } = observed();
  const before = Date.now();
  await Array.fromAsync(createMany(tokens, users(3), options));
  const [{ until, ...pause }, ...others] = events;
  assert.deepEqual(pause, { reason: "rate_limit", code: "rate_limited" });
  assert.ok(until >= before + 1000 && until < before + 60_000, String(until - before));
  assert.deepEqual(others, ["resume"]);
});

test("an outage is told, and users without a connection get their token after it", async () => {
  const away = await startEmulator({ rateLimit: 0 });
  await away.close();
  const port = Number(new URL(away.url).port);
  const client = new SignInTokens({ secretKey: SECRET_KEY, apiUrl: away.url });
  const { events, options } = observed();
  let back;
  const onPause = (pause) => {
    options.onPause(pause);
    back ??= startEmulator({ port, rateLimit: 0 });
  };
  const results = await Array.fromAsync(createMany(client, users(20), { ...options, onPause }));
  assert.ok(results.every(({ token }) => token));
  assert.deepEqual([events[0].reason, events[0].code], ["outage", "network"]);
  assert.equal(events.at(-1), "resume");
  await (await back).close();
});

test("what an observer throws changes nothing", async () => {
  await control.fault({ status: 429, headers: { "retry-after": "0" } });
  const fail = () => {
    throw new Error("not the run's");
  };
  const options = { ...FAST, onPause: fail, onResume: fail };
  const results = await Array.fromAsync(createMany(tokens, users(3), options));
  assert.ok(results.every(({ token }) => token));
  for (const name of ["onPause", "onResume"])
    assert.throws(
      () => createMany(tokens, [], { [name]: 1 }),
      new RegExp(`${name}: expected a function`),
    );
});

test("a create with a lost answer is reported and not retried", async () => {
  await control.fault({ drop: "answer", effect: true });
  const results = await Array.fromAsync(createMany(tokens, users(3), FAST));
  assert.deepEqual(results.map(({ error }) => error?.outcome).filter(Boolean), ["unknown"]);
  assert.equal((await control.requests()).length, 3);
});

test("a revoke with a lost answer is retried, and its outcome is unknown", async () => {
  const { id } = await tokens.create({ userId: "user_1" });
  await control.fault({ operation: "revoke", drop: "answer", effect: true });
  const [{ error }] = await Array.fromAsync(revokeMany(tokens, [id], FAST));
  assert.deepEqual([error.code, error.outcome], ["not_pending", "unknown"]);
});

test("an option that is undefined has its default", async () => {
  const nothing = {
    concurrency: undefined,
    maxRetries: undefined,
    rateLimit: undefined,
    signal: undefined,
    timeout: undefined,
    headers: undefined,
  };
  await control.fault({ status: 429, headers: { "retry-after": "0" } });
  const results = await Array.fromAsync(createMany(tokens, users(3), nothing));
  assert.ok(results.every(({ token }) => token));
});

test("headers that can be read only once are sent with every request", async () => {
  const headers = new Map([["x-trace", "1"]]).entries();
  await Array.fromAsync(createMany(tokens, users(3), { ...FAST, headers }));
  const sent = (await control.requests()).map(({ headers }) => headers["x-trace"]);
  assert.deepEqual(sent, ["1", "1", "1"]);
});

test("the attempts of an error are those of all retries", async () => {
  await control.fault({ status: 429, headers: { "retry-after": "0" }, times: 3 });
  const run = createMany(tokens, users(1), { ...FAST, maxRetries: 2 });
  const [{ error }] = await Array.fromAsync(run);
  assert.deepEqual([error.code, error.attempts, error.outcome], ["rate_limited", 3, "none"]);
});

describe("inputs", () => {
  test("are pulled one by one, no faster than the results are taken", async () => {
    let pulled = 0;
    async function* endless() {
      for (;;) yield { userId: `user_${pulled++}` };
    }
    const run = createMany(tokens, endless(), { ...FAST, concurrency: 4 });
    await sleep(20);
    assert.equal(pulled, 0, "no input is pulled before the first next()");
    await run.next();
    await sleep(200);
    assert.equal(pulled, 5, "one result is taken, up to four inputs wait");
    await run.return();
  });

  test("that fail end the run after the requests in flight", async () => {
    function* failing() {
      yield* users(3);
      throw new Error("the file was truncated");
    }
    const seen = [];
    await assert.rejects(
      async () => {
        for await (const { index } of createMany(tokens, failing(), FAST)) seen.push(index);
      },
      { message: "the file was truncated" },
    );
    assert.deepEqual(seen.sort(), [0, 1, 2]);
  });

  test("may be empty", async () =>
    assert.deepEqual(await Array.fromAsync(createMany(tokens, [], FAST)), []));
});

for (const [how, stop] of [
  ["break", () => {}],
  ["an abort", (controller) => controller.abort(new Error("enough"))],
]) {
  test(`after ${how} no request is sent, and no result is lost`, async () => {
    const controller = new AbortController();
    let isClosed = false;
    function* inputs() {
      try {
        for (let n = 0; ; n++) yield { userId: `user_${n}` };
      } finally {
        isClosed = true;
      }
    }
    const run = createMany(tokens, inputs(), {
      ...FAST,
      concurrency: 8,
      signal: controller.signal,
    });
    const results = [];
    for await (const result of run) if (results.push(result) >= 5) break;
    stop(controller);
    const rest = (async () => {
      for await (const result of run) results.push(result);
    })();
    if (how === "break") await rest;
    else await assert.rejects(rest, { message: "enough" });
    assert.ok(isClosed);
    const made = await control.tokens();
    assert.deepEqual(results.map(({ token }) => token.id).sort(), made.map(({ id }) => id).sort());
    assert.ok(made.length < 20);
  });
}

test("an abort does not wait for an input that never comes", async () => {
  const stuck = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
  const signal = AbortSignal.timeout(50);
  await assert.rejects(createMany(tokens, stuck, { signal }).next(), { name: "TimeoutError" });
});

describe("a client can be", () => {
  const one = async (client) => (await Array.fromAsync(createMany(client, users(1))))[0];

  test("anything with the method", async () => {
    const wrapper = { create: (params, options) => tokens.create(params, options) };
    assert.equal((await one(wrapper)).token.status, "pending");
    assert.throws(() => revokeMany(wrapper, []), { code: "invalid_argument" });
  });

  test("one that throws something else", async () => {
    const thrown = Object.freeze({ code: "mine", outcome: "unknown" });
    const client = { create: () => Promise.reject(thrown) };
    assert.equal((await one(client)).error, thrown);
  });
});

test("a key from a function gives the run the limit of its instance, without another look-up", async () => {
  let lookUps = 0;
  const secretKey = async () => {
    lookUps++;
    return "sk_live_abc";
  };
  const client = new SignInTokens({ secretKey, fetch: fakeFetch() });
  assert.equal(client.instanceType, undefined);
  const results = await Array.fromAsync(createMany(client, users(105)));
  assert.ok(results.every(({ token }) => token));
  assert.equal(lookUps, 105);
  assert.equal(client.instanceType, "production");
});

test("options are checked before an input is pulled", () => {
  const refused = (call) =>
    assert.throws(
      call,
      (error) => error instanceof SignInTokensError && error.code === "invalid_argument",
    );
  for (const options of [
    { concurrency: 0 },
    { concurrency: 1.5 },
    { maxRetries: -1 },
    { rateLimit: 0 },
    { speed: 1 },
    null,
    { signal: {} },
    { timeout: 0 },
    { onPause: 1 },
    { onResume: {} },
    { headers: { authorization: "x" } },
    { headers: new Map([["authorization", "x"]]).entries() },
    { headers: { [Symbol.iterator]: () => assert.fail() } },
  ]) {
    refused(() => createMany(tokens, [], options));
  }
  for (const inputs of ["user_1", undefined, null, {}, 5])
    refused(() => createMany(tokens, inputs));
  for (const client of [{}, undefined, null]) refused(() => createMany(client, []));
});
