// Tests that a request which is sent twice is done once: by the Worker alone, and with Chromium,
// which sends a POST again by itself when a kept-alive connection breaks before the answer.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test as nodeTest } from "node:test";

import { LIVE_SECRET_KEY } from "../../emulator/server.ts";
import { type AnswerCode, ANSWERS, REQUEST_ID } from "../../www/contract.ts";
import { startBreakingProxy } from "../support/breaking-proxy.ts";
import { useBrowser } from "../support/browser.ts";
import { loggedInCookies, type Site, startSite } from "../support/site.ts";
import { type Admin, asAdmin, codeOf, noted, until } from "./as-admin.ts";
import { OnPage, USER, userIds } from "./on-page.ts";

const chromium = useBrowser();
let site: Site;

const creates = async () =>
  (await site.control.requests()).filter(({ operation }) => operation === "create").length;

for (const database of [true, false]) {
  describe(`a request, ${database ? "with a database" : "without one"}`, () => {
    let admin: Admin;
    let proxy: Awaited<ReturnType<typeof startBreakingProxy>>;
    let on: OnPage;
    const send = (id: string, more?: Record<string, string>, userId = USER) =>
      admin.create(userId, { [REQUEST_ID]: id, ...more });
    /** The same request, with another reason: the answer in memory is not this one's. */
    const sendAnew = async (id: string, userId?: string) => {
      const response = await send(id, noted({ reason: "again" }), userId);
      const [{ code, meta }]: [{ code: AnswerCode; meta: object }] = (await response.json()).errors;
      assert.equal(response.status, ANSWERS[code].status);
      return { code, meta };
    };
    before(async () => {
      site = await startSite({ CLERK_SECRET_KEY: LIVE_SECRET_KEY }, { database });
      admin = await asAdmin(site);
      proxy = await startBreakingProxy(site.url);
    });
    beforeEach(() => site.control.reset());
    after(async () => {
      proxy.stop();
      await site.stop();
    });

    nodeTest("a create without an ID is refused", async () => {
      for (const id of ["", "1", "user_1"])
        assert.equal(await codeOf(await send(id)), "request_id_required");
      assert.deepEqual(await site.control.requests(), []);
    });

    nodeTest("the same request gets the same answer, during the first and after it", async () => {
      const id = crypto.randomUUID();
      await site.control.fault({ operation: "create", delay: 600_000 });
      const both = [send(id), send(id)];
      await site.control.arrived(1);
      await site.control.release();
      const bodies = await Promise.all(
        [...both, both[0].then(() => send(id))].map(async (sent) => (await sent).json()),
      );
      const [{ token, url }] = await site.control.tokens();
      for (const body of bodies) assert.deepEqual([body.token, body.url], [token, url]);
      assert.equal(await creates(), 1);
    });

    nodeTest("later, the ID says what became of the first", async () => {
      const [made, lost, failed] = [0, 1, 2].map(() => crypto.randomUUID());
      const { id: tokenId } = await (await send(made)).json();
      await site.control.fault({ drop: "answer", effect: true });
      await send(lost);
      await send(failed, {}, "nobody");
      const sent = await creates();
      const is = (expected: AnswerCode) => (said: { code: string }) => said.code === expected;
      const { meta } = await until(() => sendAnew(made), is("already_created"));
      assert.deepEqual(meta, { token_id: tokenId });
      assert.equal((await sendAnew(lost)).code, "already_unknown");
      await until(() => sendAnew(failed, "nobody"), is("already_failed"));
      // Nor does another user's create get this link.
      assert.equal((await sendAnew(made, "user_other")).code, "already_created");
      assert.equal(await creates(), sent);
    });

    nodeTest("a revoke that is sent twice was no use of the link", async () => {
      const { id } = await (await send(crypto.randomUUID())).json();
      const twice = { [REQUEST_ID]: crypto.randomUUID() };
      for (let times = 0; times < 2; times++)
        assert.equal((await (await admin.revoke(id, twice)).json()).status, "revoked");
    });

    if (database)
      nodeTest("is not kept if it was refused before anything was sent", async () => {
        const id = { [REQUEST_ID]: crypto.randomUUID() };
        const history = await site.worker.miniflare.getD1Database("DB");
        await history.exec("ALTER TABLE history RENAME TO away");
        assert.equal(await codeOf(await admin.create(USER, id)), "history_unavailable");
        await history.exec("ALTER TABLE away RENAME TO history");
        assert.equal((await admin.create(USER, id)).status, 200);
        // A login of its own has an object of its own, and no answer in memory.
        const code = await codeOf(await (await asAdmin(site)).create(USER, id));
        assert.match(code, /^already_(created|unknown)$/);
        assert.equal(await creates(), 1);
      });

    const onceMore = chromium.tests(() => site.control.reset());
    /** A test on the page, behind the proxy. */
    const test = (name: string, body: () => Promise<void>) =>
      onceMore(`of the page in Chromium ${name}`, async () => {
        const [cookie] = await loggedInCookies(site);
        const page = await chromium.open(proxy.url, {
          cookies: [{ ...cookie, url: proxy.url }],
          permissions: ["clipboard-read", "clipboard-write"],
        });
        on = new OnPage(page);
        try {
          await body();
        } finally {
          await chromium.close(page);
        }
      });

    /** The link on the page is the only one. */
    const isOnlyOne = async () => {
      const tokens = await site.control.tokens();
      assert.deepEqual(
        tokens.map(({ url }) => url),
        [await on.copied()],
      );
    };
    /** Whether a request has been sent again since `from`. */
    const isRepeated = (from: number) => {
      const ids = proxy.ids.slice(from);
      return new Set(ids).size < ids.length;
    };

    test("makes one token when the connection breaks before the answer", async () => {
      const from = proxy.ids.length;
      proxy.break(() => true);
      await on.create(USER);
      await on.heading("Link created").waitFor();
      assert.ok(isRepeated(from), "it was sent again");
      await isOnlyOne();
    });

    test("makes one token when it breaks while Clerk is at work", async () => {
      const from = proxy.ids.length;
      await site.control.fault({ operation: "create", delay: 600_000 });
      proxy.break(
        () => true,
        async (socket) => {
          await site.control.arrived(1);
          socket.destroy();
        },
      );
      await on.create(USER);
      await until(() => isRepeated(from), Boolean);
      await site.control.release();
      await on.heading("Link created").waitFor();
      await isOnlyOne();
    });

    test("makes one token for each user of a run", async () => {
      const from = proxy.ids.length;
      proxy.break((at) => at % 5 === 0);
      await on.startRun(userIds(40).join("\n"));
      await on.finished({ Created: 40 });
      assert.ok(isRepeated(from), "some were sent again");
      const users = (await site.control.tokens()).map(({ user_id }) => user_id);
      assert.deepEqual(users.sort(), userIds(40));
      proxy.break((at) => at % 5 === 0);
      await on.button("Revoke all (40)").click();
      await on.confirm("Revoke all");
      // And not: used or revoked before.
      await on.finished({ Revoked: 40 });
    });
  });
}
