// Tests the page by keyboard alone.
import assert from "node:assert/strict";

import { focused, heading, USER, userIds } from "../on-page.js";
import { pagePerTest } from "./page-per-test.js";

let site, page;
const { chromium, test } = pagePerTest("", (opened) => ({ site } = opened));

async function press(...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

async function tabTo(name) {
  for (let n = 0; n < 40 && !(await focused(page)).includes(name); n++) await press("Tab");
  assert.ok((await focused(page)).includes(name), `${name} cannot be reached`);
}

test("the keyboard alone is enough", async () => {
  page = await chromium.open(site.url);
  await page.getByLabel("Password").waitFor();
  assert.equal(await focused(page), "Password");
  await page.keyboard.type("correct horse battery");
  await press("Enter");
  await heading(page, "New link").waitFor();
  assert.equal(await focused(page), "User");
  await createAndRevokeByKeyboard();
  await press("Shift+Tab");
  for (let n = 0; n < 20 && (await focused(page)) !== "Bulk"; n++) await press("Shift+Tab");
  await press("Enter");
  await heading(page, "Links for many users").waitFor();
  await runByKeyboard();
  await chromium.close(page);
});

async function createAndRevokeByKeyboard() {
  await page.keyboard.type(USER);
  await tabTo("1 hour");
  await press("ArrowRight");
  assert.ok(await page.getByLabel("1 day").isChecked());
  await tabTo("Create link");
  await press("Enter");
  await heading(page, "Link created").waitFor();
  assert.equal(await focused(page), "Link created");
  await tabTo("Reveal");
  await press("Space");
  await page.getByText("ticket=").waitFor();
  await tabTo("Revoke");
  await press("Enter");
  assert.equal(await focused(page), "Cancel");
  await press("Tab", "Enter");
  await heading(page, "Link revoked").waitFor();
  assert.notEqual(await focused(page), "body");
}

async function runByKeyboard() {
  await tabTo("User IDs");
  await page.keyboard.type(userIds(2).join("\n"));
  await tabTo("Create 2 links");
  await press("Enter");
  await heading(page, "Run finished").waitFor();
  await tabTo("Revoke all (2)");
  await press("Enter");
  await press("Tab", "Enter");
  await page.getByRole("button", { name: "Revoked 2" }).waitFor();
  assert.notEqual(await focused(page), "body");
}
