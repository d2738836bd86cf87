// Tests against the emulator what the README says about @clerk/backend and this package.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { createClerkClient } from "@clerk/backend";

import { Control } from "../../emulator/control-client.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { installed } from "../support/app.ts";

const { SignInTokens } = await installed();

let emulator, control, tokens, clerk;
const sent = async () => (await control.requests()).length;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
  tokens = new SignInTokens({ secretKey: SECRET_KEY, apiUrl: emulator.url });
  clerk = createClerkClient({ secretKey: SECRET_KEY, apiUrl: emulator.url }).signInTokens;
});
beforeEach(() => control.reset());
after(() => emulator.close());

test("a 429: this package waits and retries, @clerk/backend fails", async () => {
  const fault = { status: 429, headers: { "retry-after": "0" }, body: { errors: [] } };
  await control.fault(fault);
  assert.equal((await tokens.create({ userId: "user_1" })).status, "pending");
  await control.fault(fault);
  await assert.rejects(clerk.createSignInToken({ userId: "user_1", expiresInSeconds: 60 }));
  assert.equal(await sent(), 2 + 1);
});

test("a revoke whose answer is lost: this package retries, @clerk/backend fails", async () => {
  const { id } = await tokens.create({ userId: "user_1" });
  await control.fault({ operation: "revoke", drop: "answer" });
  assert.equal((await tokens.revoke(id)).status, "revoked");
  const other = await tokens.create({ userId: "user_1" });
  await control.fault({ operation: "revoke", drop: "answer" });
  await assert.rejects(clerk.revokeSignInToken(other.id));
  assert.equal((await control.tokens())[1].status, "pending");
});

test("a create whose answer is lost: this package's error has an outcome", async () => {
  await control.fault({ drop: "answer", effect: true, times: 2 });
  await assert.rejects(tokens.create({ userId: "user_1" }), {
    code: "network",
    outcome: "unknown",
  });
  await assert.rejects(
    clerk.createSignInToken({ userId: "user_1", expiresInSeconds: 60 }),
    (error) => error.outcome === undefined,
  );
  assert.equal((await control.tokens()).length, 2);
});

test("an API that does not answer: this package has a timeout and a signal", async () => {
  await control.fault({ delay: 60_000, times: 3 });
  await assert.rejects(tokens.create({ userId: "user_1" }, { timeout: 50 }), { code: "timeout" });
  await assert.rejects(tokens.create({ userId: "user_1" }, { signal: AbortSignal.timeout(50) }), {
    name: "TimeoutError",
  });
  assert.deepEqual(
    [clerk.createSignInToken.length, clerk.revokeSignInToken.length],
    [1, 1],
    "it takes no options",
  );
  const ended = clerk
    .createSignInToken({ userId: "user_1", expiresInSeconds: 60 })
    .catch(() => {})
    .then(() => "ended");
  assert.equal(await Promise.race([ended, sleep(1000, "waiting")]), "waiting");
});

test("an id with a slash: @clerk/backend requests another path", async () => {
  const paths = [];
  const server = createServer(({ url }, response) => {
    paths.push(url);
    response.writeHead(404).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const options = { secretKey: SECRET_KEY, apiUrl: `http://127.0.0.1:${server.address().port}` };
  await assert.rejects(new SignInTokens(options).revoke("a/b?c"), { code: "not_found" });
  await assert.rejects(createClerkClient(options).signInTokens.revokeSignInToken("a/b?c"));
  server.close();
  assert.deepEqual(paths, [
    "/v1/sign_in_tokens/a%2Fb%3Fc/revoke",
    "/v1/sign_in_tokens/a/b?c/revoke",
  ]);
});
