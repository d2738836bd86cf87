// Tests the page by keyboard alone.
import assert from "node:assert/strict";

import { PASSWORD } from "../../support/site.ts";
import { USER, userIds } from "../on-page.ts";
import { on, page, testIn } from "./per-test.ts";

const test = testIn("New link");

async function press(...keys: string[]) {
  for (const key of keys) await page.keyboard.press(key);
}

/** Presses Tab, or another key, until the focus is on what has `name` in its name. */
async function reach(name: string, key = "Tab") {
  for (let n = 0; n < 40 && !(await on.focused()).includes(name); n++) await press(key);
  assert.ok((await on.focused()).includes(name), `${name} cannot be reached`);
}

test("the keyboard alone is enough", async () => {
  await page.context().clearCookies();
  await page.reload();
  await page.getByLabel("Password").waitFor();
  assert.equal(await on.focused(), "Password");
  await page.keyboard.type(PASSWORD);
  await press("Enter");
  await on.heading("New link").waitFor();
  assert.equal(await on.focused(), "User");
  await createAndRevoke();
  await reach("Bulk", "Shift+Tab");
  await press("Enter");
  await on.heading("Links for many users").waitFor();
  await runAndRevoke();
});

async function createAndRevoke() {
  await page.keyboard.type(USER);
  await reach("1 hour");
  await press("ArrowRight");
  assert.ok(await page.getByLabel("1 day").isChecked());
  await reach("Create link");
  await press("Enter");
  await on.heading("Link created").waitFor();
  assert.equal(await on.focused(), "Link created");
  await reach("Reveal");
  await press("Space");
  await page.getByText("ticket=").waitFor();
  await reach("Revoke");
  await press("Enter");
  assert.equal(await on.focused(), "Cancel");
  await press("Tab", "Enter");
  await on.heading("Link revoked").waitFor();
  assert.notEqual(await on.focused(), "body");
}

async function runAndRevoke() {
  await reach("User IDs");
  await page.keyboard.type(userIds(2).join("\n"));
  await reach("Create 2 links");
  await press("Enter");
  await on.finished();
  await reach("Revoke all (2)");
  await press("Enter");
  assert.equal(await on.focused(), "Cancel");
  await press("Tab", "Enter");
  await on.finished({ Revoked: 2 });
  assert.notEqual(await on.focused(), "body");
}
