// Tests a runtime with two realms, such as Jest's and Vitest's jsdom or a context of node:vm:
// objects of one realm are no instances of the other's classes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createContext, runInContext } from "node:vm";

import { build } from "esbuild";

import type { SignInTokensOptions } from "clerk-sign-in-tokens";

import { app, installed } from "../support/app.ts";
import { TOKEN } from "../support/token.ts";

/**
 * What a jsdom or a program puts into its realm from Node's; the language's own classes are the new
 * realm's.
 */
const SHARED = [
  "AbortController",
  "Headers",
  "ReadableStream",
  "TextDecoder",
  "TextEncoder",
  "URL",
  "atob",
  "clearTimeout",
  "performance",
  "queueMicrotask",
  "setTimeout",
];

const shared = SHARED.map((name) => [name, Reflect.get(globalThis, name)]);
const realm = createContext(Object.fromEntries(shared));
const other = (source: string) => runInContext(source, realm);

/** Loads the package in the other realm, as a test runner does. */
async function load(): ReturnType<typeof installed<"index.js">> {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "clerk-sign-in-tokens";', resolveDir: app },
    bundle: true,
    format: "iife",
    globalName: "loaded",
    write: false,
  });
  runInContext(outputFiles[0].text, realm);
  return other("loaded");
}

const PACKAGES = {
  "the package in this realm": await installed(),
  "the package in the other realm": await load(),
};
const bytes = new TextEncoder().encode(JSON.stringify(TOKEN));
const otherBytes = other("(bytes) => Uint8Array.from(bytes)")([...bytes]);
const streamOf = (chunk: Uint8Array) =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(chunk);
      controller.close();
    },
  });

/** Bodies whose chunks are of each realm. */
const CHUNKS = {
  "bytes of this realm": bytes,
  "a Buffer": Buffer.from(bytes),
  "bytes of the other realm": otherBytes,
};

for (const [where, { SignInTokens, SignInTokensError }] of Object.entries(PACKAGES)) {
  describe(where, () => {
    const client = (options: Partial<SignInTokensOptions>) =>
      new SignInTokens({ secretKey: "sk_test_realms", ...options });
    const user = { userId: "user_1" };
    const answer = (body: ReadableStream) =>
      ({ status: 200, headers: new Headers(), body }) as unknown as Response;

    for (const [what, chunk] of Object.entries(CHUNKS))
      test(`reads ${what}`, async () => {
        const { id } = await client({ fetch: async () => answer(streamOf(chunk)) }).create(user);
        assert.equal(id, "sit_1");
      });

    for (const [what, make] of [
      ["this realm", <T>(value: T) => value],
      ["the other realm", <T>(value: T): T => other("(value) => ({ ...value })")(value)],
    ] as const)
      test(`takes objects of ${what}`, async () => {
        const { signal } = new AbortController();
        const fetch = async () => answer(streamOf(bytes));
        const options = make({ signal, headers: make({ a: "b" }) });
        const call = client(make({ fetch })).create(make(user), options);
        assert.equal((await call).id, "sit_1");
      });

    test("takes a promise of the other realm", async () => {
      const promise = other("(value) => Promise.resolve(value)");
      const options = {
        secretKey: () => promise("sk_test_realms"),
        fetch: () => promise(answer(streamOf(bytes))),
      };
      assert.equal((await client(options).create(user)).id, "sit_1");
    });

    test("describes an error of the other realm", async () => {
      const fetch = () => Promise.reject(other('new RangeError("out of it")'));
      await assert.rejects(client({ fetch }).create(user), (error) => {
        assert.ok(error instanceof SignInTokensError);
        const { name, message } = error.cause as Error;
        assert.deepEqual([name, message], ["RangeError", "out of it"]);
        return true;
      });
    });
  });
}
