// Tests what can be done after a bulk run on the admin page in Chromium.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { refusal, userIds } from "../on-page.ts";
import { on, page, site, testIn, tokens } from "./per-test.ts";

const test = testIn("Bulk");

async function run(count: number) {
  await on.startRun(userIds(count).join("\n"));
  await on.finished({ Created: count });
}

describe("after a run", () => {
  test("no button creates the same links again, and the browser asks before closing", async () => {
    await run(3);
    assert.equal(await page.getByRole("button", { name: /^(Create |Retry)/ }).count(), 0);
    await on.asksBeforeClosing();
    await on.dropFile("late.csv", "user_9\n");
    await page.getByText("late.csv was not loaded").waitFor();
    await on.finished();
    await on.button("New run").click();
    await page.getByText("3 links were neither copied nor downloaded.").waitFor();
    await on.decline();
    await on.finished();
    await on.downloaded("Download CSV");
    await on.button("New run").click();
    await on.heading("Links for many users").waitFor();
    assert.equal(await on.listField.inputValue(), "");
    assert.equal((await tokens()).length, 3);
  });

  test("revokes all its links after confirmation", async () => {
    await run(5);
    await on.button("Revoke all (5)").click();
    await on.decline();
    assert.ok((await tokens()).every(({ status }) => status === "pending"));
    await on.button("Revoke all (5)").click();
    await on.confirm("Revoke all");
    await on.finished({ Revoked: 5 });
    assert.ok((await tokens()).every(({ status }) => status === "revoked"));
    const { text } = await on.downloaded("Download CSV");
    assert.ok(!text.includes("ticket="), "a revoked link is none");
  });

  test("keeps a link that a revoke may not have ended", async () => {
    await run(3);
    const revoke = { operation: "revoke" } as const;
    await site.control.fault({ ...revoke, status: 400, body: { errors: [] } });
    for (const status of [402, 409])
      await site.control.fault({ ...revoke, status, body: refusal("Not now") });
    await on.button("Revoke all (3)").click();
    await on.confirm("Revoke all");
    const kept = page.getByRole("row", { name: /Not revoked\./ });
    await kept.nth(2).waitFor();
    await on.finished();
    assert.deepEqual([await on.count("Created"), await kept.count()], [3, 3]);
    const { rows } = await on.downloaded("Download CSV");
    assert.ok(rows.every(({ url }) => url.includes("ticket=")));
  });
});
