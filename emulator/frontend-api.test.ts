// Tests that the emulator's Frontend API refuses what Clerk's does. tests/examples/redeem.test.ts
// tests it with the real SDK.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import type { ApiError } from "./errors.ts";
import { SIGN_IN_LIMIT } from "./frontend.ts";
import { SECRET_KEY, startEmulator } from "./server.ts";

let emulator: Awaited<ReturnType<typeof startEmulator>>;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

/** A browser, a token, a sign-in or errors. */
type Body = { id: string; token: string; response: { status: string } } & Partial<ApiError["body"]>;

async function post(path: string, body?: string, authorization = "") {
  const init = { method: "POST", body, headers: { authorization } };
  const response = await fetch(`${emulator.url}/v1${path}`, init);
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Body,
  };
}

async function createTicket() {
  const { body } = await post("/sign_in_tokens", '{"user_id":"user_1"}', `Bearer ${SECRET_KEY}`);
  return body.token;
}

const newBrowser = async () => (await post("/dev_browser")).body.id;
const signIn = (browser: string, ticket: string, strategy = "ticket") =>
  post(
    `/client/sign_ins?__clerk_db_jwt=${browser}`,
    new URLSearchParams({ strategy, ticket }).toString(),
  );
/** Returns the status of an answer, and the error code or the status of the sign-in. */
const result = ({ status, body }: Awaited<ReturnType<typeof post>>) => [
  status,
  body.errors?.[0].code ?? body.response.status,
];

test("a ticket signs in one browser, once", async () => {
  const [ticket, one, other] = [await createTicket(), await newBrowser(), await newBrowser()];
  assert.deepEqual(result(await signIn(one, ticket)), [200, "complete"]);
  assert.deepEqual(result(await signIn(other, ticket)), [400, "sign_in_token_already_used_code"]);
});

test("a browser that is signed in cannot sign in again, and its ticket stays unused", async () => {
  const browser = await newBrowser();
  await signIn(browser, await createTicket());
  const ticket = await createTicket();
  assert.deepEqual(result(await signIn(browser, ticket)), [400, "session_exists"]);
  assert.deepEqual(result(await signIn(await newBrowser(), ticket)), [200, "complete"]);
});

test("an unknown browser, session or strategy is refused", async () => {
  const browser = await newBrowser();
  assert.deepEqual(result(await signIn("dvb_none", "t")), [401, "dev_browser_unauthenticated"]);
  assert.deepEqual(result(await signIn(browser, "t", "password")), [
    422,
    "form_param_value_invalid",
  ]);
  const touch = await post(`/client/sessions/sess_none/touch?__clerk_db_jwt=${browser}`);
  assert.deepEqual(result(touch), [404, "resource_not_found"]);
});

test("an address may sign in 5 times in 10 seconds", async () => {
  for (let n = 0; n < SIGN_IN_LIMIT; n++) {
    assert.equal((await signIn(await newBrowser(), await createTicket())).status, 200);
  }
  const limited = await signIn(await newBrowser(), await createTicket());
  assert.deepEqual(result(limited), [429, "too_many_requests"]);
  assert.match(String(limited.headers.get("retry-after")), /^([1-9]|10)$/);
});
