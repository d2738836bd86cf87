// Tests that a request which is sent twice is done once. tests/www/page/repeated.ts tests it with
// Chromium, which does so by itself.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { type AnswerCode, ANSWERS, REQUEST_ID } from "../../www/contract.ts";
import { useSite } from "../support/site.ts";
import { asAdmin, codeOf, noted, until } from "./as-admin.ts";
import { USER } from "./on-page.ts";

for (const database of [true, false]) {
  const site = await useSite({}, { database });
  const admin = await asAdmin(site);
  describe(`a request, ${database ? "with a database" : "without one"}`, () => {
    const creates = async () =>
      (await site.control.requests()).filter(({ operation }) => operation === "create").length;
    const send = (id: string, more?: Record<string, string>, userId = USER) =>
      admin.create(userId, { [REQUEST_ID]: id, ...more });
    /** The same request, with another reason: the answer in memory is not this one's. */
    const sendAnew = async (id: string, userId?: string) => {
      const response = await send(id, noted({ reason: "again" }), userId);
      const [{ code, meta }]: [{ code: AnswerCode; meta: object }] = (await response.json()).errors;
      assert.equal(response.status, ANSWERS[code].status);
      return { code, meta };
    };

    test("a create without an ID is refused", async () => {
      for (const id of ["", "1", "user_1"])
        assert.equal(await codeOf(await send(id)), "request_id_required");
      assert.deepEqual(await site.control.requests(), []);
    });

    test("the same request gets the same answer, during the first and after it", async () => {
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

    test("later, the ID says what became of the first", async () => {
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

    test("a revoke that is sent twice was no use of the link", async () => {
      const { id } = await (await send(crypto.randomUUID())).json();
      const twice = { [REQUEST_ID]: crypto.randomUUID() };
      for (let times = 0; times < 2; times++)
        assert.equal((await (await admin.revoke(id, twice)).json()).status, "revoked");
    });

    if (database)
      test("is not kept if it was refused before anything was sent", async () => {
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
  });
}
