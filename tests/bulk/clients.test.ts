// Tests createMany and revokeMany with clients that are not the class, and their errors.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { ManyOptions, Pause, TokenCreator } from "clerk-sign-in-tokens/bulk";

import { installed } from "../support/app.ts";

const { createMany, revokeMany } = await installed("bulk.js");
const { fakeToken } = await installed("testing.js");

const TOKEN = fakeToken();
const INPUTS = [{ userId: "user_0" }, { userId: "user_1" }, { userId: "user_2" }];
const collect = (create: TokenCreator["create"], options?: ManyOptions) =>
  Array.fromAsync(createMany({ create }, INPUTS, { rateLimit: 10_000, ...options }));

/** Makes the first call fail with `thrown`. */
function failing(thrown: unknown) {
  let calls = 0;
  return async () => {
    if (calls++ === 0) throw thrown;
    return TOKEN;
  };
}

const fail = () => {
  throw new Error("not an error of the run");
};
const fields = (more: object) =>
  Object.assign(new Error(), { outcome: "none", attempts: 1, ...more });
const getter = { enumerable: true, get: fail };

describe("a run survives an error, and reports it as it is:", () => {
  for (const [what, thrown] of Object.entries({
    "with a getter that throws": Object.defineProperty(new Error(), "code", getter),
    "a proxy without properties": new Proxy({}, { ownKeys: fail, get: fail }),
    "one that takes no new fields": Object.preventExtensions({ code: "mine", outcome: "none" }),
    "a frozen one": Object.freeze({ code: "mine", outcome: "unknown" }),
    "with attempts that are no number": fields({ code: "mine", attempts: 1n }),
  }))
    test(what, async () => {
      const [{ error }, ...others] = await collect(failing(thrown));
      assert.ok(error === thrown);
      assert.ok(others.length === 2 && others.every(({ token }) => token === TOKEN));
    });

  for (const code of ["rate_limited", "network"])
    test(`${code}, with a Retry-After that is no number`, async () => {
      const results = await collect(failing(fields({ code, retryAfter: NaN })));
      assert.ok(results.every(({ token }) => token === TOKEN));
    });
});

for (const nothing of [undefined, null, 0, ""])
  test(`a client that rejects with ${JSON.stringify(nothing)} gives an error`, async () => {
    const [{ error }] = await collect(failing(nothing));
    assert.match(String(error), /no error/);
  });

test("a client without the method is refused", () => {
  const client = { create: async () => TOKEN } as never;
  assert.throws(() => revokeMany(client, []), { code: "invalid_argument" });
});

const prototype = Object.prototype as Record<string, unknown>;
for (const [name, value] of Object.entries({
  signal: AbortSignal.abort(),
  clock: { now: () => 0, after: fail },
  limit: fail,
  onPause: fail,
}))
  test(`a polluted Object.prototype sets no ${name}`, async () => {
    prototype[name] = value;
    try {
      const results = await collect(failing(fields({ code: "rate_limited", retryAfter: 0 })));
      assert.equal(results.length, 3);
    } finally {
      delete prototype[name];
    }
  });

test("a run that was stopped calls no observer", async () => {
  const stop = new AbortController();
  const pauses: Pause[] = [];
  const create = async () => {
    stop.abort();
    throw fields({ code: "rate_limited", retryAfter: 1 });
  };
  const options = { signal: stop.signal, onPause: (pause: Pause) => pauses.push(pause) };
  await assert.rejects(collect(create, options), { name: "AbortError" });
  assert.deepEqual(pauses, []);
});
