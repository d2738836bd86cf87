// Tests createMany and revokeMany with clients that are not the class, and their errors.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { app } from "../support/app.ts";

const { createMany } = await import(
  pathToFileURL(join(app, "node_modules", "clerk-sign-in-tokens", "bulk.js"))
);

const TOKEN = { id: "sit_1" };
const users = (count) => Array.from({ length: count }, (_, n) => ({ userId: `user_${n}` }));
const collect = (create, options) =>
  Array.fromAsync(createMany({ create }, users(3), { rateLimit: 10_000, ...options }));

/** Makes the call of the first input fail once with what `thrown` returns. */
function failing(thrown) {
  let calls = 0;
  return async () => {
    if (calls++ === 0) throw thrown();
    return TOKEN;
  };
}

const fail = () => {
  throw new Error("not the run's");
};
const fields = (more) => Object.assign(new Error(), { outcome: "none", attempts: 1, ...more });

describe("a run survives an error", () => {
  for (const [what, thrown] of Object.entries({
    "with a getter that throws": () =>
      Object.defineProperty(new Error(), "code", { enumerable: true, get: fail }),
    "that is a proxy without properties": () => new Proxy({}, { ownKeys: fail, get: fail }),
    "that takes no new fields": () => Object.preventExtensions({ code: "mine", outcome: "none" }),
    "with an outcome that is read-only": () =>
      Object.defineProperty(new Error(), "outcome", { enumerable: true, value: "none" }),
    "with attempts that are no number": () => fields({ code: "mine", attempts: 1n }),
  }))
    test(what, async () => {
      const results = await collect(failing(thrown));
      assert.deepEqual(
        results.map((result) => "error" in result),
        [true, false, false],
      );
    });

  for (const code of ["rate_limited", "network"])
    test(`${code}, with a Retry-After that is no number`, async () => {
      const results = await collect(failing(() => fields({ code, retryAfter: NaN })));
      assert.ok(results.every(({ token }) => token === TOKEN));
    });
});

for (const nothing of [undefined, null, 0, ""])
  test(`a client that rejects with ${JSON.stringify(nothing)} gives an error`, async () => {
    const [{ error }] = await collect(failing(() => nothing));
    assert.match(error.message, /no error/);
  });

for (const [name, value] of Object.entries({
  signal: AbortSignal.abort(),
  clock: { now: () => 0, after: fail },
  limit: fail,
  onPause: fail,
}))
  test(`a polluted Object.prototype sets no ${name}`, async () => {
    Object.prototype[name] = value;
    try {
      const results = await collect(failing(() => fields({ code: "rate_limited", retryAfter: 0 })));
      assert.equal(results.length, 3);
    } finally {
      delete Object.prototype[name];
    }
  });

test("nothing is told of a run that was stopped", async () => {
  const stop = new AbortController();
  const told = [];
  const create = async () => {
    stop.abort();
    throw fields({ code: "rate_limited", retryAfter: 1 });
  };
  const options = { signal: stop.signal, onPause: (pause) => told.push(pause) };
  await assert.rejects(collect(create, options), { name: "AbortError" });
  assert.deepEqual(told, []);
});
