// Tests long work in the history on the admin page in Chromium.
import assert from "node:assert/strict";

import { holdAfter } from "../../support/hold-after.ts";
import { userIds } from "../on-page.ts";
import { on, page, site, testIn, tokens } from "./per-test.ts";

const test = testIn("Bulk");

/** Creates links in a run, and shows it in the history. */
async function showRun(count: number) {
  await on.startRun(userIds(count).join("\n"));
  await on.finished({ Created: count });
  await on.button("Show in History").click();
}

test("a revoke far down keeps the rows, the place and the focus", async () => {
  await showRun(70);
  await on.button("Show more").click();
  const rows = page.locator("tbody tr:not(.day)");
  const row = rows.nth(65);
  await rows.nth(69).waitFor();
  await row.scrollIntoViewIfNeeded();
  const before = await row.boundingBox();
  await row.getByRole("button", { name: /^Revoke/ }).click();
  await on.confirm("Revoke link");
  await row.getByText("Revoked").waitFor();
  assert.equal(await rows.count(), 70);
  const after = await row.boundingBox();
  assert.ok(before && after && Math.abs(after.y - before.y) < 5, `${after?.y}, not ${before?.y}`);
  const isFocused = await row.evaluate((element) => element.contains(document.activeElement));
  assert.ok(isFocused, "the row has the focus");
});

test("a revoke of all that match shows its progress, and can be cancelled", async () => {
  await showRun(30);
  await holdAfter(5, site.control, "revoke");
  await on.button("Revoke all that match").click();
  await on.confirm("Revoke 30 links");
  await page.getByText("5 of 30 links are revoked.").waitFor();
  await on.progressed(5);
  await on.button("Cancel").click();
  await site.control.release();
  const ended = page.getByText(/^\d+ of 30 links were revoked\. \d+ were not tried\.$/);
  const [revoked, , pending] = (await ended.innerText()).match(/\d+/g) ?? [];
  const left = (await tokens()).filter(({ status }) => status === "pending");
  assert.deepEqual([Number(pending), Number(revoked)], [left.length, 30 - left.length]);
});
