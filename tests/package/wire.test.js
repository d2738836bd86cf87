// Tests that the same calls of @clerk/backend and of this package send the same requests.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { createClerkClient } from "@clerk/backend";

import { Control } from "../../emulator/control-client.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { installed } from "../support/app.ts";

const { SignInTokens } = await installed();
let emulator, control, clerk, ours;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
  clerk = createClerkClient({
    secretKey: SECRET_KEY,
    apiUrl: emulator.url,
    telemetry: { disabled: true },
  }).signInTokens;
  ours = new SignInTokens({ secretKey: SECRET_KEY, apiUrl: emulator.url });
});
after(() => emulator.close());
beforeEach(() => control.reset());

test("the unmodified @clerk/backend creates and revokes against the emulator", async () => {
  const token = await clerk.createSignInToken({ userId: "user_1", expiresInSeconds: 600 });
  assert.equal(token.status, "pending");
  const revoked = await clerk.revokeSignInToken(token.id);
  assert.deepEqual([revoked.id, revoked.status], [token.id, "revoked"]);
  await assert.rejects(
    () => clerk.revokeSignInToken(token.id),
    (error) => {
      assert.deepEqual(
        [error.status, error.errors[0].code],
        [400, "sign_in_token_cannot_be_revoked_code"],
      );
      return true;
    },
  );
});

test("both packages send the same create", async () => {
  await clerk.createSignInToken({ userId: "user_1", expiresInSeconds: 600 });
  await ours.create({ userId: "user_1", expiresInSeconds: 600 });
  await sameRequests();
});

test("both packages send the same revoke", async () => {
  const [first, second] = [
    await ours.create({ userId: "user_1" }),
    await ours.create({ userId: "user_1" }),
  ];
  // Both revoke the same id: the path contains it.
  await control.fault({ status: 404, body: {}, times: 2 });
  await clerk.revokeSignInToken(first.id).catch(() => {});
  await ours.revoke(first.id).catch(() => {});
  const requests = (await control.requests()).slice(2);
  compare(requests);
  assert.equal((await ours.revoke(second.id)).status, "revoked");
});

test("both packages return tokens with the same fields", async () => {
  const theirs = await clerk.createSignInToken({ userId: "user_1", expiresInSeconds: 600 });
  const mine = await ours.create({ userId: "user_1", expiresInSeconds: 600 });
  for (const field of Object.keys(mine).filter((name) => name !== "object"))
    assert.equal(typeof mine[field], typeof theirs[field], field);
  assert.deepEqual([mine.userId, mine.status], [theirs.userId, theirs.status]);
});

async function sameRequests() {
  compare(await control.requests());
}

function compare(requests) {
  const [theirs, mine] = requests.map(({ method, url, body, headers }) => ({
    method,
    url,
    body: body && JSON.parse(body),
    authorization: headers.authorization,
  }));
  assert.equal(requests.length, 2);
  assert.deepEqual(mine, theirs);
}
