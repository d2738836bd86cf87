// Tests the password of the admin page, and the sessions that it starts.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { SECRET_KEY } from "../../emulator/server.ts";
import { guesses, TEN_A_MINUTE } from "../support/guesses.ts";
import { PASSWORD, type Site, startSite } from "../support/site.ts";
import { asVisitor, codeOf } from "./as-admin.ts";

let site: Site;

const { post, create, cookie } = asVisitor(() => site);

describe("a session", () => {
  let session: string;
  before(async () => {
    site = await startSite();
    session = await cookie();
  });
  beforeEach(() => site.control.reset());
  after(() => site.stop());

  test("scripts cannot read the cookie, other sites cannot send it", async () => {
    const response = await post("/session", { password: PASSWORD });
    const setCookie = response.headers.get("set-cookie") ?? "";
    assert.match(
      setCookie,
      /^session=[\da-f-]{36}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    assert.ok(!setCookie.includes(PASSWORD));
  });

  test("refuses everybody else", async () => {
    const forged = `session=${crypto.randomUUID()}`;
    const authorization = `Bearer ${SECRET_KEY}`;
    assert.equal(await codeOf(await create({ authorization })), "session_required");
    for (const cookie of ["", "session=1", forged])
      assert.equal(await codeOf(await create({ cookie })), "session_required");
    assert.equal(await codeOf(await create()), "session_required");
    for (const body of [{ password: "" }, { password: [PASSWORD] }, {}, null, []]) {
      const guess = await post("/session", body, { "cf-connecting-ip": "192.0.2.1" });
      assert.equal(await codeOf(guess), "wrong_password");
    }
    assert.equal((await site.control.requests()).length, 0);
  });

  test("limits guesses", async () => {
    const statuses = await guesses(site, (round) => Array(12).fill(`192.0.2.${2 + round}`));
    assert.deepEqual(statuses, TEN_A_MINUTE);
  });

  test("counts guesses from an IPv6 /64 together", async () => {
    const twelve = [...Array(12).keys()];
    const statuses = await guesses(site, (round) => [
      ...twelve.map((n) => `2001:db8:${round}:2:${n}:${n}:${n}:${n + 1}`),
      `2001:db8:${round}:3::1`,
      ...twelve.map((n) => `::ffff:198.51.${round}.${100 + n}`),
    ]);
    assert.deepEqual(statuses.slice(0, 12), TEN_A_MINUTE);
    assert.equal(statuses[12], 401, "the next network is somebody else's");
    assert.equal(statuses.at(-1), 401, "IPv4 addresses in IPv6 dress are apart");
  });

  test("a login ends the one before it, if its password is right", async () => {
    const copy = await cookie();
    const again = (password: string) =>
      post("/session", { password }, { cookie: copy, "cf-connecting-ip": "192.0.2.99" });
    assert.equal((await again("guess")).status, 401);
    assert.equal((await create({ cookie: copy })).status, 200);
    assert.equal((await again(PASSWORD)).status, 200);
    assert.equal(await codeOf(await create({ cookie: copy })), "session_required");
    assert.equal((await create({ cookie: session })).status, 200, "other logins continue");
  });

  test("a log-out invalidates every copy of the cookie", async () => {
    const copy = await cookie();
    assert.equal((await create({ cookie: copy })).status, 200);
    const response = await fetch(`${site.url}/session`, {
      method: "DELETE",
      headers: { origin: site.url, cookie: copy },
    });
    assert.match(response.headers.get("set-cookie") ?? "", /^session=; Max-Age=0/);
    assert.equal(await codeOf(await create({ cookie: copy })), "session_required");
    assert.equal((await create({ cookie: session })).status, 200, "other logins continue");
  });
});

test("a session expires", async () => {
  // Long enough for the requests before its end, on a busy machine too.
  site = await startSite({ SESSION_SECONDS: "5", MAX_LIFETIME_SECONDS: "3600" });
  try {
    const session = { cookie: await cookie() };
    const short = { user_id: "user_1", expires_in_seconds: 60 };
    assert.equal((await post("/v1/sign_in_tokens", short, session)).status, 200);
    // The default of 30 days is too long here, as is anything over an hour.
    assert.equal(await codeOf(await create(session)), "lifetime_too_long");
    await sleep(5100);
    assert.equal(await codeOf(await create(session)), "session_required");
  } finally {
    await site.stop();
  }
});

test("a new password ends all sessions, a new start of the Worker none", async () => {
  const persistence = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-sessions-"));
  const statusOf = async <T>(vars: Record<string, string>, use: () => Promise<T>) => {
    site = await startSite(vars, { persistence });
    try {
      return await use();
    } finally {
      await site.stop();
    }
  };
  try {
    const session = await statusOf({}, cookie);
    const enter = async () => (await create({ cookie: session })).status;
    assert.equal(await statusOf({}, enter), 200);
    assert.equal(await statusOf({ ADMIN_PASSWORD: "another good password" }, enter), 401);
    assert.equal(await statusOf({}, enter), 200, "the cookie was still good");
  } finally {
    rmSync(persistence, { recursive: true, force: true });
  }
});

test("without SESSION_SECONDS, a session lasts 8 hours", async () => {
  site = await startSite({}, { database: false });
  try {
    const response = await post("/session", { password: PASSWORD });
    assert.match(response.headers.get("set-cookie") ?? "", /; Max-Age=28800;/);
    const { expiresAt } = await response.json();
    assert.ok(Math.abs(expiresAt - Date.now() - 28_800_000) < 60_000, String(expiresAt));
  } finally {
    await site.stop();
  }
});
