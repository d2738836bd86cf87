// Tests what can be done after a bulk run on the admin page in Chromium.
import assert from "node:assert/strict";
import { describe } from "node:test";

import {
  button,
  confirm,
  count,
  downloaded,
  goTo,
  heading,
  startRun,
  userIds,
} from "../on-page.js";
import { pagePerTest } from "./page-per-test.js";

let site, page;
const { finished, test, tokens } = pagePerTest("#bulk", (opened) => ({ site, page } = opened));

describe("after a run", () => {
  test("no button creates the same links again", async () => {
    await startRun(page, userIds(3).join("\n"));
    await finished();
    assert.equal(await page.getByRole("button", { name: /^(Create |Retry)/ }).count(), 0);
    await button(page, "New run").click();
    await page.getByText("3 links were neither copied nor downloaded.").waitFor();
    await page.keyboard.press("Escape");
    await finished();
    await downloaded(page, "Download CSV");
    await button(page, "New run").click();
    await heading(page, "Links for many users").waitFor();
    assert.equal(await page.getByLabel("User IDs", { exact: true }).inputValue(), "");
    assert.equal((await tokens()).length, 3);
  });

  test("the browser asks before closing", async () => {
    await startRun(page, userIds(3).join("\n"));
    await finished();
    const asked = page.waitForEvent("dialog");
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    assert.equal(dialog.type(), "beforeunload");
    await dialog.dismiss();
    // The page has stayed. Chromium crashes if a page's context is closed before the page has told it so.
    assert.equal(await count(page, "Created"), 3);
  });

  test("revokes all its links after confirmation", async () => {
    await startRun(page, userIds(5).join("\n"));
    await finished();
    await button(page, "Revoke all (5)").click();
    await page.keyboard.press("Escape");
    assert.ok((await tokens()).every(({ status }) => status === "pending"));
    await button(page, "Revoke all (5)").click();
    await confirm(page, "Revoke all");
    await finished();
    assert.equal(await count(page, "Revoked"), 5);
    assert.ok((await tokens()).every(({ status }) => status === "revoked"));
    const { text } = await downloaded(page, "Download CSV");
    assert.ok(!text.includes("ticket="), "a revoked link is none");
  });

  test("keeps a link that a revoke may not have ended", async () => {
    await startRun(page, userIds(3).join("\n"));
    await finished();
    const errors = [{ code: "x", message: "no", long_message: "Not now" }];
    const revoke = { operation: "revoke" };
    await site.control.fault({ ...revoke, status: 400, body: { errors: [] } });
    await site.control.fault({ ...revoke, status: 402, body: { errors } });
    await site.control.fault({ ...revoke, status: 409, body: { errors } });
    await button(page, "Revoke all (3)").click();
    await confirm(page, "Revoke all");
    await finished();
    assert.equal(await count(page, "Created"), 3);
    assert.equal(await page.getByRole("row", { name: /Not revoked\./ }).count(), 3);
    const { rows } = await downloaded(page, "Download CSV");
    assert.ok(rows.every(({ url }) => url.includes("ticket=")));
  });

  test("lists each link in the history, where it can be revoked", async () => {
    const first = "user_2onlyInThisTestXYZabcdefghi";
    await startRun(page, first);
    await finished();
    await goTo(page, "History");
    await page.getByRole("searchbox").fill(first);
    await button(page, `Revoke the link for ${first}`).click();
    await confirm(page, "Revoke link");
    await button(page, `Revoke the link for ${first}`).waitFor({ state: "detached" });
    assert.equal((await tokens()).at(-1).status, "revoked");
  });

  test("refuses a dropped file", async () => {
    await startRun(page, userIds(1)[0]);
    await finished();
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["user_9\n"], "late.csv", { type: "text/csv" }));
      document.dispatchEvent(
        new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }),
      );
    });
    await page.getByText("late.csv was not loaded").waitFor();
    await finished();
  });
});
