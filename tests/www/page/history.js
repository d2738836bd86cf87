// Tests a long history on the admin page in Chromium.
import assert from "node:assert/strict";

import { button, confirm, goTo, startRun, userIds } from "../on-page.js";
import { pagePerTest } from "./page-per-test.js";

let page;
const { finished, test } = pagePerTest("#bulk", (opened) => ({ page } = opened));

test("a revoke far down keeps the rows, the place and the focus", async () => {
  const users = userIds(70);
  await startRun(page, users.join("\n"));
  await finished();
  await button(page, "Show in History").click();
  await button(page, "Show more").click();
  const rows = page.locator("tbody tr:not(.day)");
  await page.waitForFunction(() => document.querySelectorAll("tbody tr:not(.day)").length === 70);
  const row = rows.nth(65);
  await row.scrollIntoViewIfNeeded();
  const { y } = await row.boundingBox();
  await row.getByRole("button", { name: /^Revoke/ }).click();
  await confirm(page, "Revoke link");
  await row.getByText("Revoked").waitFor();
  assert.equal(await rows.count(), 70);
  const after = await row.boundingBox();
  assert.ok(Math.abs(after.y - y) < 5, `${after.y} instead of ${y}`);
  const isFocused = await row.evaluate((element) => element.contains(document.activeElement));
  assert.ok(isFocused, "the row has the focus");
  await goTo(page, "New link");
});
