// Tests what the README says about @clerk/backend: which requests and tokens are the same as those
// of this package, and what it does where this package does more. What this package does there is
// in tests/reliability/matrix.test.ts and abort.test.ts, and in answers.test.ts.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { createClerkClient } from "@clerk/backend";

import { SECRET_KEY } from "../../emulator/server.ts";
import { useClient } from "../support/client.ts";
import { listen } from "../support/listen.ts";

const shared = useClient();
const PARAMS = { userId: "user_1", expiresInSeconds: 600 };
const clerk = (apiUrl = shared.emulator.url) =>
  createClerkClient({ secretKey: SECRET_KEY, apiUrl, telemetry: { disabled: true } }).signInTokens;

test("the unmodified @clerk/backend creates and revokes against the emulator", async () => {
  const token = await clerk().createSignInToken(PARAMS);
  assert.equal(token.status, "pending");
  const revoked = await clerk().revokeSignInToken(token.id);
  assert.deepEqual([revoked.id, revoked.status], [token.id, "revoked"]);
  await assert.rejects(clerk().revokeSignInToken(token.id), ({ status, errors }) => {
    assert.deepEqual([status, errors[0].code], [400, "sign_in_token_cannot_be_revoked_code"]);
    return true;
  });
});

describe("both packages send the same", () => {
  for (const [what, theirs, ours] of [
    ["create", () => clerk().createSignInToken(PARAMS), () => shared.tokens.create(PARAMS)],
    ["revoke", () => clerk().revokeSignInToken("sit_1"), () => shared.tokens.revoke("sit_1")],
  ] as const)
    test(what, async () => {
      await theirs().catch(() => {});
      await ours().catch(() => {});
      const requests = await shared.control.requests();
      const [first, ...others] = requests.map(({ method, url, body, headers }) => ({
        method,
        url,
        body: body && JSON.parse(body),
        authorization: headers.authorization,
      }));
      assert.deepEqual(others, [first]);
    });
});

test("both packages return tokens with the same fields", async () => {
  const theirs = await clerk().createSignInToken(PARAMS);
  const { object: _, ...ours } = await shared.tokens.create(PARAMS);
  const typesOf = (token: object) =>
    new Map(Object.entries(token).map(([name, value]) => [name, typeof value]));
  assert.deepEqual(typesOf(ours), typesOf(theirs));
  assert.deepEqual([ours.userId, ours.status], [theirs.userId, theirs.status]);
});

describe("@clerk/backend", () => {
  const LOST = { drop: "answer", effect: true } as const;
  for (const [what, fault, call] of [
    ["a create after a 429", { status: 429 }, () => clerk().createSignInToken(PARAMS)],
    ["a revoke without an answer", { drop: "answer" }, () => clerk().revokeSignInToken("sit_1")],
    ["a create without an answer", LOST, () => clerk().createSignInToken(PARAMS)],
  ] as const)
    test(`does not send ${what} again, and its error has no outcome`, async () => {
      const headers = { "retry-after": "0" };
      await shared.control.fault({ ...fault, headers, body: { errors: [] } });
      await assert.rejects(call, ({ status, outcome }) => {
        assert.deepEqual([status, outcome], ["status" in fault ? 429 : undefined, undefined]);
        return true;
      });
      assert.equal((await shared.control.requests()).length, 1);
    });

  test("waits for an API that does not answer: it takes no timeout and no signal", async () => {
    await shared.control.fault({ delay: 60_000 });
    const { createSignInToken, revokeSignInToken } = clerk();
    assert.deepEqual([createSignInToken.length, revokeSignInToken.length], [1, 1]);
    const ended = clerk()
      .createSignInToken(PARAMS)
      .then(
        () => "ended",
        () => "ended",
      );
    assert.equal(await Promise.race([ended, sleep(1000, "waiting")]), "waiting");
  });

  test("requests another path for an ID with a slash", async () => {
    const paths: unknown[] = [];
    const server = createServer(({ url }, response) => {
      paths.push(url);
      response.writeHead(404).end();
    });
    const apiUrl = `http://127.0.0.1:${await listen(server)}`;
    await assert.rejects(clerk(apiUrl).revokeSignInToken("a/b?c"));
    server.close();
    assert.deepEqual(paths, ["/v1/sign_in_tokens/a/b?c/revoke"]);
  });
});
