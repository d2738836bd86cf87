// Tests the password of the admin page, and the sessions that it starts.
import assert from "node:assert/strict";
import { mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { SECRET_KEY } from "../../emulator/server.ts";
import { ROUTES } from "../../www/contract.ts";
import { PASSWORD, startSite, useSite } from "../support/site.ts";
import { asAdmin, asVisitor, codeOf, cookieOf, withinMinute } from "./as-admin.ts";

const site = await useSite();
const other = await asAdmin(site);
const { post, get, create } = asVisitor(site);
const enter = (cookie: string) => create("user_1", { cookie });

describe("a session", () => {
  test("scripts cannot read the cookie, other sites cannot send it", async () => {
    const response = await post("/session", { password: PASSWORD });
    const setCookie = response.headers.get("set-cookie") ?? "";
    assert.match(
      setCookie,
      /^session=[\da-f-]{36}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  test("refuses everybody else", async () => {
    for (const refused of [
      await create(),
      await create("user_1", { authorization: `Bearer ${SECRET_KEY}` }),
      ...(await Promise.all(["", "session=1", `session=${crypto.randomUUID()}`].map(enter))),
      await post(ROUTES.users, { query: "anna" }),
      ...(await Promise.all(
        [ROUTES.session, ROUTES.history, ROUTES.tokens, ROUTES.csv].map((path) => get(path)),
      )),
    ])
      assert.equal(await codeOf(refused), "session_required");
    for (const body of [{ password: "" }, { password: [PASSWORD] }, {}, null, []]) {
      const guess = await post("/session", body, { "cf-connecting-ip": "192.0.2.1" });
      assert.equal(await codeOf(guess), "wrong_password");
    }
    assert.equal((await site.control.requests()).length, 0);
  });

  test("limits the guesses from an IPv4 address, and from an IPv6 /64 together", async () => {
    const twelve = [...Array(12).keys()];
    const statuses = await withinMinute(async (round) => {
      const addresses = [
        ...twelve.map(() => `192.0.2.${2 + round}`),
        ...twelve.map((n) => `2001:db8:${round}:2:${n}:${n}:${n}:${n + 1}`),
        // The next network is somebody else's. IPv4 addresses in IPv6 dress are apart.
        `2001:db8:${round}:3::1`,
        ...twelve.map((n) => `::ffff:198.51.${round}.${100 + n}`),
      ];
      const statuses = [];
      for (const address of addresses) {
        const headers = { "cf-connecting-ip": address };
        statuses.push((await post("/session", { password: "guess" }, headers)).status);
      }
      return statuses;
    });
    const ten = [...Array(10).fill(401), 429, 429];
    assert.deepEqual(statuses, [...ten, ...ten, ...Array(13).fill(401)]);
  });

  test("a login ends the one before it, if its password is right", async () => {
    const copy = await cookieOf(site);
    const again = (password: string) =>
      post("/session", { password }, { cookie: copy, "cf-connecting-ip": "192.0.2.99" });
    assert.equal((await again("guess")).status, 401);
    assert.equal((await enter(copy)).status, 200);
    assert.equal((await again(PASSWORD)).status, 200);
    assert.equal(await codeOf(await enter(copy)), "session_required");
    assert.equal((await other.create()).status, 200, "other logins continue");
  });

  test("a log-out invalidates every copy of the cookie", async () => {
    const copy = await cookieOf(site);
    assert.equal((await enter(copy)).status, 200);
    const response = await post("/session", {}, { cookie: copy }, { method: "DELETE" });
    assert.match(response.headers.get("set-cookie") ?? "", /^session=; Max-Age=0/);
    assert.equal(await codeOf(await enter(copy)), "session_required");
    assert.equal((await other.create()).status, 200, "other logins continue");
  });
});

test("a session expires", async () => {
  await using site = await startSite({ SESSION_SECONDS: "5", MAX_LIFETIME_SECONDS: "3600" });
  const { create, get, post } = await asAdmin(site);
  // At once: the session must not end before, on a busy machine either.
  const [made, session, long] = await Promise.all([
    create(),
    get(ROUTES.session),
    // The default of 30 days is too long here, as is anything over an hour.
    post("/v1/sign_in_tokens", { user_id: "user_1" }),
  ]);
  assert.equal(made.status, 200);
  assert.equal((await session.json()).maxLifetimeSeconds, 3600);
  assert.equal(await codeOf(long), "lifetime_too_long");
  await sleep(5100);
  assert.equal(await codeOf(await create()), "session_required");
});

test("a new password ends all sessions, a new start of the Worker none", async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), "clerk-sign-in-tokens-sessions-"));
  let cookie: string | undefined;
  const enter = async (vars = {}) => {
    await using site = await startSite(vars, { persistence: folder.path });
    cookie ??= await cookieOf(site);
    return (await asVisitor(site).create("user_1", { cookie })).status;
  };
  assert.equal(await enter(), 200);
  assert.equal(await enter({ ADMIN_PASSWORD: "another good password" }), 401);
  assert.equal(await enter(), 200, "the cookie was still good");
});
