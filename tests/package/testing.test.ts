// Tests clerk-sign-in-tokens/testing: the fakes, used as in users' unit tests.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { build } from "esbuild";

import type { FakeCall, FakeStep } from "clerk-sign-in-tokens/testing";

import { app, installed } from "../support/app.ts";
import { inEachRuntime, SOME_RUNTIMES } from "../support/programs.ts";

const { fakeFetch, fakeToken } = await installed("testing.js");
const { SignInTokens } = await installed();

/** Returns a client whose requests get the steps of a script. */
function client(script?: FakeStep[], timeout = 10_000) {
  const fetch = fakeFetch(script);
  return { fetch, tokens: new SignInTokens({ secretKey: "sk_test_any", fetch, timeout }) };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => assert.fail(),
    (error) => error,
  );

test("a fake token has the shape of the token that create returns", async () => {
  const { tokens } = client([fakeToken({ userId: "user_2x" })]);
  assert.deepEqual(await tokens.create({ userId: "user_2x" }), fakeToken({ userId: "user_2x" }));
});

test("without a script each request succeeds, and is recorded without the key", async () => {
  const { tokens, fetch } = client();
  const params = { userId: "user_2x", orgId: "org_1", expiresInSeconds: 60 };
  const token = await tokens.create(params);
  assert.deepEqual([token.id, token.userId, token.status], ["sit_fake1", "user_2x", "pending"]);
  const revoked = await tokens.revoke("sit_/x");
  assert.deepEqual([revoked.id, revoked.status, revoked.token], ["sit_/x", "revoked", undefined]);
  assert.deepEqual(fetch.calls, [
    { operation: "create", params },
    { operation: "revoke", id: "sit_/x" },
  ]);
});

test("a request is retried at once after a 429, and gets the next step of the script", async () => {
  const { tokens, fetch } = client([429, 429, 200]);
  assert.equal((await tokens.create({ userId: "user_2x" })).userId, "user_2x");
  assert.equal(fetch.calls.length, 3);
});

for (const [step, code, outcome] of [
  [401, "unauthorized", "none"],
  [404, "not_found", "none"],
  [422, "rejected", "none"],
  [503, "server_error", "unknown"],
  ["lost", "network", "unknown"],
  ["silent", "timeout", "unknown"],
] as const) {
  test(`${step} makes a create fail with ${code}, outcome ${outcome}`, async () => {
    const { tokens } = client([step], step === "silent" ? 250 : undefined);
    const error = await failure(tokens.create({ userId: "user_2x" }));
    assert.deepEqual([error.code, error.outcome], [code, outcome]);
  });
}

test("the caller's abort ends a silent request", async () => {
  const { tokens } = client(["silent"]);
  const signal = AbortSignal.timeout(10);
  const error = await failure(tokens.create({ userId: "user_2x" }, { signal }));
  assert.equal(error, signal.reason);
});

test("a function in the script returns its own response", async () => {
  const answer = ({ params }: FakeCall) => new Response(`no ${params?.userId}`, { status: 403 });
  const { tokens } = client([answer]);
  assert.equal((await failure(tokens.create({ userId: "user_2x" }))).code, "unauthorized");
});

test("an invalid step is refused by its index", () => {
  for (const step of ["late", undefined, {}, 1.5, 302, 400.5, "429"])
    assert.throws(() => fakeFetch([200, step as never]), {
      name: "TypeError",
      message: /^script\[1\]: /,
    });
});

test("the module is under 1.5 KB, minified", async () => {
  const { outputFiles } = await build({
    entryPoints: [join(app, "node_modules", "clerk-sign-in-tokens", "testing.js")],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  assert.ok(outputFiles[0].contents.length < 1536, `${outputFiles[0].contents.length} bytes`);
});

inEachRuntime(SOME_RUNTIMES, (run) =>
  test("the fakes work in the runtime", async () => {
    const create = { operation: "create", params: { userId: "user_2x" } };
    assert.deepEqual(await run("fakes"), [create, create]);
  }),
);
