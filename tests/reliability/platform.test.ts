// Tests calls on a platform that does not do what it should: late timers, broken JSON, odd bodies.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { SignInTokensOptions } from "clerk-sign-in-tokens";

import { installed } from "../support/app.ts";
import { TOKEN } from "../support/token.ts";

const { SignInTokens } = await installed();
const secretKey = "sk_test_platform";
const json = JSON.stringify(TOKEN);

/** Returns a client whose `fetch` gives the answers in order, and a function that counts them. */
function clientOf(answers: (() => unknown)[], options: Partial<SignInTokensOptions> = {}) {
  let sent = 0;
  const fetch = async () => answers[sent++]() as Response;
  return { client: new SignInTokens({ secretKey, fetch, ...options }), sent: () => sent };
}

const token = () => new Response(json);
const refused = () => new Response("{}", { status: 429, headers: { "retry-after": "0" } });

/** Keeps the thread busy, so that no timer runs. */
function block(ms: number): undefined {
  const end = Date.now() + ms;
  while (Date.now() < end);
}

describe("after its timeout a call sends nothing, although no timer has fired:", () => {
  for (const [when, attempts, options] of [
    ["the key came late", 0, { timeout: 20, secretKey: () => block(40) ?? secretKey }],
    ["the retry is due", 1, { timeout: 2000, onAttempt: () => block(2000) }],
  ] as const)
    test(when, async () => {
      const { client, sent } = clientOf([refused, token], options);
      const expected = { code: "timeout", outcome: "none", attempts };
      await assert.rejects(client.create({ userId: "user_1" }), expected);
      assert.equal(sent(), attempts);
    });

  test("the caller is busy", async () => {
    const { client, sent } = clientOf([token], { timeout: 20, secretKey: async () => secretKey });
    const call = client.create({ userId: "user_1" });
    block(40);
    await assert.rejects(call, { code: "timeout", outcome: "none", attempts: 0 });
    assert.equal(sent(), 0);
  });
});

test("the arguments may change once the call has started", async () => {
  let body;
  const fetch = async (_: string, init: RequestInit) => {
    body = init.body;
    return token();
  };
  const client = new SignInTokens({ secretKey: async () => secretKey, fetch });
  const params = { userId: "user_1" };
  const call = client.create(params);
  params.userId = "user_2";
  await call;
  assert.equal(body, '{"user_id":"user_1"}');
});

test("JSON that throws is an internal error, and nothing is sent", async () => {
  const { client, sent } = clientOf([token]);
  const prototype = Object.prototype as { toJSON?: () => never };
  prototype.toJSON = () => {
    throw new Error("no");
  };
  const call = client.create({ userId: "user_1" });
  delete prototype.toJSON;
  await assert.rejects(call, { code: "internal", outcome: "none", attempts: 0 });
  assert.equal(sent(), 0);
});

test("a getter that throws is refused with its error as the cause", async () => {
  const { client, sent } = clientOf([token]);
  const params = Object.defineProperty({ userId: "" }, "userId", {
    get() {
      throw new TypeError("no");
    },
  });
  await assert.rejects(client.create(params), (error: Error & { code: string }) => {
    assert.deepEqual([error.code, (error.cause as Error).message], ["invalid_argument", "no"]);
    assert.match(error.message, /^params: expected /);
    return true;
  });
  assert.equal(sent(), 0);
});

test("the then of a thenable is called once", async () => {
  // Some query builders send their request for each `then`.
  let times = 0;
  const fetch = () => ({ then: () => times++ }) as never;
  const client = new SignInTokens({ secretKey, fetch, timeout: 250 });
  await assert.rejects(client.create({ userId: "user_1" }), { code: "timeout" });
  assert.equal(times, 1);
});

describe("the meta of Clerk's errors", () => {
  const answer = (meta: string) =>
    `{"errors":[{"code":"c","message":"m","long_message":"l","meta":${meta}}]}`;

  for (const depth of [49, 500, 3000, 9000])
    for (const [opening, middle, closing] of [
      ["[", "", "]"],
      ['{"a":', "null", "}"],
    ])
      test(`changes no error, ${depth} times ${opening}`, async () => {
        const body = answer(opening.repeat(depth) + middle + closing.repeat(depth));
        const { client } = clientOf([() => new Response(body, { status: 404 })]);
        await assert.rejects(client.create({ userId: "user_1" }), (error: never) => {
          const { code, outcome, errors } = error;
          assert.deepEqual([code, outcome, (errors as []).length], ["not_found", "none", 1]);
          return true;
        });
      });

  test("has keys in camelCase", async () => {
    const body = answer('{"param_name":"a","inner_list":[{"is_deep":true}]}');
    const { client } = clientOf([() => new Response(body, { status: 404 })]);
    const [{ meta }] = await client.create({ userId: "user_1" }).catch(({ errors }) => errors);
    assert.deepEqual(meta, { paramName: "a", innerList: [{ isDeep: true }] });
  });
});

describe("a body", () => {
  /** Returns an answer whose body gives these chunks. */
  const chunked = (chunks: unknown[], cancel?: () => void) => ({
    status: 200,
    headers: new Map(),
    body: {
      getReader: () => ({
        read: async () => ({ done: chunks.length === 0, value: chunks.shift() }),
        cancel,
      }),
    },
  });

  test("of chunks of another class is read as its bytes", async () => {
    class Chunk extends Uint8Array {
      get length(): never {
        throw new Error("no");
      }
      slice(): never {
        throw new Error("no");
      }
    }
    const chunk = new Chunk(new TextEncoder().encode(json));
    const { client } = clientOf([() => chunked([chunk])]);
    assert.equal((await client.create({ userId: "user_1" })).id, TOKEN.id);
  });

  for (const [what, answer] of [
    [
      "with headers that cannot be read",
      (cancel: () => void) => ({
        status: 200,
        headers: {
          get(name: string) {
            if (name === "content-length") throw new Error("no");
            return null;
          },
        },
        body: { cancel },
      }),
    ],
    [
      "with a chunk that has no bytes",
      (cancel: () => void) => chunked([new Uint8Array(5), "text"], cancel),
    ],
  ] as const)
    test(`${what} is cancelled before the retry`, async () => {
      const seen: string[] = [];
      const first = answer(() => seen.push("cancelled"));
      const second = () => {
        seen.push("retried");
        return token();
      };
      await clientOf([() => first, second]).client.revoke("sit_1");
      assert.deepEqual(seen, ["cancelled", "retried"]);
    });

  const padded = (length: number, filler: string) =>
    JSON.stringify({ ...TOKEN, more: "".padEnd(length, filler) });
  const stream = (length: number, headers = {}, filler = " ") =>
    new Response(padded(length, filler), { headers });
  /** As node-fetch returns it, without a web stream. */
  const plain = (length: number, headers = {}, filler = " ") => ({
    status: 200,
    headers: new Headers(headers),
    body: {},
    text: async () => padded(length, filler),
  });
  for (const answer of [stream, plain])
    test(`of nearly 64 KiB is read, ${answer.name}`, async () => {
      await clientOf([() => answer(64_000)]).client.create({ userId: "user_1" });
    });
  for (const [what, answer] of [
    ["over 64 KiB", () => stream(70_000)],
    ["with a length that is too small", () => stream(70_000, { "content-length": "2" })],
    ["over 64 KiB that is not a web stream", () => plain(70_000)],
    ["over 64 KiB, not in characters", () => stream(30_000, {}, "€")],
    ["of the same without a web stream", () => plain(30_000, {}, "€")],
    ["with such a length", () => plain(0, { "content-length": "70000" })],
  ] as const)
    test(`${what} is an invalid response`, async () => {
      const expected = { code: "invalid_response", outcome: "unknown", status: 200 };
      await assert.rejects(clientOf([answer]).client.create({ userId: "user_1" }), expected);
    });
});
