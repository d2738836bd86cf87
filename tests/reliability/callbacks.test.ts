// Tests that callbacks, `fetch` above all, may misbehave.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";

import { SECRET_KEY } from "../../emulator/server.ts";
import type { FetchLike } from "clerk-sign-in-tokens";

import { installed } from "../support/app.ts";
import { useClient } from "../support/client.ts";
import { TOKEN } from "../support/token.ts";

const { SignInTokens, SignInTokensError } = await installed();
const ok = async () => Response.json(TOKEN);

const throws = (): never => {
  throw new Error("x");
};

/** Returns an object with a property that throws. */
const throwing = (name: string): object => Object.defineProperty({}, name, { get: throws });

/** Returns a function that returns an answer with this body. */
const streaming = (source: UnderlyingDefaultSource) => async () =>
  new Response(new ReadableStream(source));

/** Answers of which a part throws when it is read. */
const THROWING = Object.entries({
  "a status": throwing("status"),
  headers: { headers: { get: throws } },
  "a body": throwing("body"),
  "a text()": { text: throws },
  "a text() whose then": { text: () => throwing("then") },
}).map(([part, object]) => [
  `returns ${part} that throws`,
  () =>
    Object.defineProperties(
      { status: 200, headers: new Map() },
      Object.getOwnPropertyDescriptors(object),
    ),
]);

/** What `fetch` does, by the code of the call's error. Each outcome is "unknown". */
const FAILING: Record<string, Record<string, () => unknown>> = {
  network: {
    throws() {
      throw new Error(`boom ${SECRET_KEY}`);
    },
    "rejects with an error that has the key everywhere"() {
      const inner = Object.assign(new Error(SECRET_KEY), { name: SECRET_KEY, code: SECRET_KEY });
      const error = new Error(SECRET_KEY, { cause: inner });
      return Promise.reject(Object.assign(error, { request: SECRET_KEY }));
    },
    "rejects with the key": () => Promise.reject(SECRET_KEY),
    "rejects with undefined": () => Promise.reject(undefined),
    "rejects with an error whose getters throw": () =>
      Promise.reject(Object.defineProperty(new Error("x"), "message", { get: throws })),
    ...Object.fromEntries(THROWING),
    "returns a body of strings": streaming({ start: (c) => c.enqueue("text") }),
    async "returns a body that has been read"() {
      const answer = await ok();
      await answer.text();
      return answer;
    },
    "returns a body that fails": streaming({ start: (c) => c.error(new Error(SECRET_KEY)) }),
  },
  invalid_response: {
    "returns null": () => null,
    "returns undefined": () => undefined,
    "returns a number": () => 200,
    "returns a plain object": async () => ({ status: 200 }),
    "returns a text() that is not a string": async () => ({
      status: 200,
      headers: new Map(),
      text: async () => ({}),
    }),
    "returns an endless body of empty chunks": streaming({
      pull: (c) => c.enqueue(new Uint8Array()),
    }),
    "returns NaN as the status": async () => ({ status: NaN, headers: new Headers() }),
    "returns an endless body": streaming({ pull: (c) => c.enqueue(new Uint8Array(4096)) }),
    "returns an opaque redirect": async () => ({
      status: 0,
      type: "opaqueredirect",
      headers: new Headers(),
      body: null,
    }),
  },
  not_found: {
    "returns header values that are not strings": async () => ({
      status: 404,
      headers: { get: () => 5 },
    }),
    "returns a 404 with a proxy's page": async () =>
      new Response("<h1>Not found</h1>", { status: 404 }),
  },
};

const calls = useClient();

describe("callbacks", () => {
  test("may call the client itself", async () => {
    let inner: Promise<unknown> | undefined;
    const nested: InstanceType<typeof SignInTokens> = calls.client({
      secretKey: async () => {
        await calls.tokens.create({ userId: "user_1" });
        return SECRET_KEY;
      },
      fetch: async (url, init) => {
        await calls.tokens.create({ userId: "user_2" });
        return fetch(url, init);
      },
      onAttempt: () => void (inner ??= nested.create({ userId: "user_3" })),
    });
    await nested.create({ userId: "user_4" });
    await inner;
    assert.deepEqual((await calls.control.tokens()).map(({ user_id }) => user_id).sort(), [
      "user_1",
      "user_1",
      "user_2",
      "user_2",
      "user_3",
      "user_4",
    ]);
  });

  test("onAttempt may throw or reject without losing the token", async () => {
    for (const onAttempt of [throws, async () => throws(), () => ({ catch: 5 })]) {
      const { status } = await calls.client({ onAttempt }).create({ userId: "user_1" });
      assert.equal(status, "pending");
    }
  });

  for (const [code, fetches] of Object.entries(FAILING))
    for (const [what, fetch] of Object.entries(fetches))
      test(`a fetch that ${what} fails the call with ${code}`, async () => {
        const failing = calls.client({ fetch: fetch as FetchLike }).create({ userId: "user_1" });
        await assert.rejects(failing, (error) => {
          assert.ok(error instanceof SignInTokensError, String(error));
          assert.deepEqual([error.code, error.outcome, error.attempts], [code, "unknown", 1]);
          const shown = inspect(error, { depth: Infinity, showHidden: true });
          const stacks = `${error.stack} ${(error.cause as Error | undefined)?.stack}`;
          assert.ok(!`${stacks} ${shown}`.includes(SECRET_KEY), shown);
          return true;
        });
        assert.equal((await calls.client({ fetch: ok }).create({ userId: "user_1" })).id, "sit_1");
      });
});

for (const name of ["secretKey", "fetch", "a getter"])
  test(`free() inside ${name} does not stop the call`, async () => {
    const free = (caller: string): undefined => {
      if (name === caller) tokens.free();
    };
    const tokens: InstanceType<typeof SignInTokens> = new SignInTokens({
      // With a text, the request goes out inside create().
      secretKey: name === "fetch" ? SECRET_KEY : () => free("secretKey") ?? SECRET_KEY,
      fetch: () => free("fetch") ?? ok(),
    });
    const params = {
      get userId() {
        return free("a getter") ?? "user_1";
      },
    };
    assert.equal((await tokens.create(params)).id, TOKEN.id);
    await assert.rejects(tokens.create(params), { code: "invalid_argument" });
  });

test("free() does not stop a call in flight", async () => {
  const call = calls.tokens.create({ userId: "user_1" });
  calls.tokens.free();
  assert.equal((await call).status, "pending");
});
