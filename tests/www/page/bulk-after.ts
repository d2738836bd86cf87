// Tests what can be done after a bulk run on the admin page in Chromium.
import assert from "node:assert/strict";
import { describe } from "node:test";

import {
  asksBeforeClosing,
  button,
  confirm,
  count,
  downloaded,
  dropFile,
  finished,
  goTo,
  heading,
  listField,
  refusal,
  startRun,
  userIds,
} from "../on-page.ts";
import { page, site, testIn, tokens } from "./per-test.ts";

const test = testIn("Bulk");

async function run(count: number) {
  await startRun(page, userIds(count).join("\n"));
  await finished(page, { Created: count });
}

describe("after a run", () => {
  test("no button creates the same links again, and the browser asks before closing", async () => {
    await run(3);
    assert.equal(await page.getByRole("button", { name: /^(Create |Retry)/ }).count(), 0);
    await asksBeforeClosing(page);
    await button(page, "New run").click();
    await page.getByText("3 links were neither copied nor downloaded.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await finished(page);
    await downloaded(page, "Download CSV");
    await button(page, "New run").click();
    await heading(page, "Links for many users").waitFor();
    assert.equal(await listField(page).inputValue(), "");
    assert.equal((await tokens()).length, 3);
  });

  test("revokes all its links after confirmation", async () => {
    await run(5);
    await button(page, "Revoke all (5)").click();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.ok((await tokens()).every(({ status }) => status === "pending"));
    await button(page, "Revoke all (5)").click();
    await confirm(page, "Revoke all");
    await finished(page, { Revoked: 5 });
    assert.ok((await tokens()).every(({ status }) => status === "revoked"));
    const { text } = await downloaded(page, "Download CSV");
    assert.ok(!text.includes("ticket="), "a revoked link is none");
  });

  test("keeps a link that a revoke may not have ended", async () => {
    await run(3);
    const revoke = { operation: "revoke" } as const;
    await site.control.fault({ ...revoke, status: 400, body: { errors: [] } });
    for (const status of [402, 409])
      await site.control.fault({ ...revoke, status, body: refusal("Not now") });
    await button(page, "Revoke all (3)").click();
    await confirm(page, "Revoke all");
    const kept = page.getByRole("row", { name: /Not revoked\./ });
    await kept.nth(2).waitFor();
    await finished(page);
    assert.deepEqual([await count(page, "Created"), await kept.count()], [3, 3]);
    const { rows } = await downloaded(page, "Download CSV");
    assert.ok(rows.every(({ url }) => url.includes("ticket=")));
  });

  test("lists each link in the history, where it can be revoked", async () => {
    const first = "user_2onlyInThisTestXYZabcdefghi";
    await startRun(page, first);
    await finished(page);
    await goTo(page, "History");
    await page.getByRole("searchbox").fill(first);
    await button(page, `Revoke the link for ${first}`).click();
    await confirm(page, "Revoke link");
    await button(page, `Revoke the link for ${first}`).waitFor({ state: "detached" });
    assert.equal((await tokens()).at(-1)?.status, "revoked");
  });

  test("refuses a dropped file", async () => {
    await run(1);
    await dropFile(page, "late.csv", "user_9\n");
    await page.getByText("late.csv was not loaded").waitFor();
    await finished(page);
  });
});
