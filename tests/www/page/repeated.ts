// Tests the page behind a proxy that breaks connections: Chromium itself sends a POST again when a
// kept-alive connection breaks before the answer.
import assert from "node:assert/strict";
import { after, describe } from "node:test";

import { startBreakingProxy } from "../../support/breaking-proxy.ts";
import { until } from "../as-admin.ts";
import { USER, userIds } from "../on-page.ts";
import { on, page, site, testIn, tokens, users } from "./per-test.ts";

const proxy = await startBreakingProxy(site.url);

describe("a request that Chromium sends again", () => {
  after(() => proxy.stop());

  const isRepeated = (ids: unknown[]) => new Set(ids).size < ids.length;

  const testHere = testIn("New link", { permissions: ["clipboard-read", "clipboard-write"] });
  const test = (name: string, body: () => Promise<void>) =>
    testHere(name, async () => {
      await page.goto(proxy.url);
      await body();
    });

  /** The link on the page is the only one. */
  const isOnlyOne = async () =>
    assert.deepEqual(
      (await tokens()).map(({ url }) => url),
      [await on.copied()],
    );

  test("makes one token when the connection breaks before the answer", async () => {
    const ids = proxy.break(() => true);
    await on.created(USER);
    assert.ok(isRepeated(ids), "it was sent again");
    await isOnlyOne();
  });

  test("makes one token when it breaks while Clerk is at work", async () => {
    await site.control.fault({ operation: "create", delay: 600_000 });
    const ids = proxy.break(
      () => true,
      async (socket) => {
        await site.control.arrived(1);
        socket.destroy();
      },
    );
    await on.create(USER);
    await until(() => isRepeated(ids), Boolean);
    await site.control.release();
    await on.heading("Link created").waitFor();
    await isOnlyOne();
  });

  test("makes one token for each user of a run", async () => {
    const creates = proxy.break((at) => at % 5 === 0);
    await on.startRun(userIds(40).join("\n"));
    await on.finished({ Created: 40 });
    assert.ok(isRepeated(creates), "some were sent again");
    assert.deepEqual(await users(), userIds(40));
    proxy.break((at) => at % 5 === 0);
    await on.button("Revoke all (40)").click();
    await on.confirm("Revoke all");
    // And not: used or revoked before.
    await on.finished({ Revoked: 40 });
  });
});
