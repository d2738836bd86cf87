// Tests that the emulator's Frontend API refuses what Clerk's does. tests/examples/redeem.test.ts
// tests it with the real SDK.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { SIGN_IN_LIMIT } from "./frontend.ts";
import { SECRET_KEY, startEmulator } from "./server.ts";

let emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

async function post(path, body, headers) {
  const response = await fetch(`${emulator.url}/v1${path}`, { method: "POST", body, headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function createTicket() {
  const authorization = `Bearer ${SECRET_KEY}`;
  const { body } = await post("/sign_in_tokens", '{"user_id":"user_1"}', { authorization });
  return body.token;
}

const newBrowser = async () => (await post("/dev_browser")).body.id;
const signIn = (browser, ticket, strategy = "ticket") =>
  post(
    `/client/sign_ins?__clerk_db_jwt=${browser}`,
    new URLSearchParams({ strategy, ticket }).toString(),
  );
const outcome = ({ status, body }) => [status, body.errors?.[0].code ?? body.response.status];

test("a ticket signs in one browser, once", async () => {
  const [ticket, one, other] = [await createTicket(), await newBrowser(), await newBrowser()];
  assert.deepEqual(outcome(await signIn(one, ticket)), [200, "complete"]);
  assert.deepEqual(outcome(await signIn(other, ticket)), [400, "sign_in_token_already_used_code"]);
});

test("a browser that is signed in cannot sign in again, and its ticket stays unused", async () => {
  const browser = await newBrowser();
  await signIn(browser, await createTicket());
  const ticket = await createTicket();
  assert.deepEqual(outcome(await signIn(browser, ticket)), [400, "session_exists"]);
  assert.deepEqual(outcome(await signIn(await newBrowser(), ticket)), [200, "complete"]);
});

test("an unknown browser, session or strategy is refused", async () => {
  const browser = await newBrowser();
  assert.deepEqual(outcome(await signIn("dvb_none", "t")), [401, "dev_browser_unauthenticated"]);
  assert.deepEqual(outcome(await signIn(browser, "t", "password")), [
    422,
    "form_param_value_invalid",
  ]);
  const touch = await post(`/client/sessions/sess_none/touch?__clerk_db_jwt=${browser}`);
  assert.deepEqual(outcome(touch), [404, "resource_not_found"]);
});

test("an address may sign in 5 times in 10 seconds", async () => {
  for (let n = 0; n < SIGN_IN_LIMIT; n++) {
    assert.equal((await signIn(await newBrowser(), await createTicket())).status, 200);
  }
  const limited = await signIn(await newBrowser(), await createTicket());
  assert.deepEqual(outcome(limited), [429, "too_many_requests"]);
  assert.match(limited.headers.get("retry-after"), /^([1-9]|10)$/);
});
