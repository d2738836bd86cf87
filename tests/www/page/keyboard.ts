// Tests the page by keyboard alone.
import assert from "node:assert/strict";

import type { Page } from "playwright-core";

import { PASSWORD } from "../../support/site.ts";
import { OnPage, USER, userIds } from "../on-page.ts";
import { chromium, site, testIn } from "./per-test.ts";

const test = testIn("New link");

let visitor: Page;
let on: OnPage;

async function press(...keys: string[]) {
  for (const key of keys) await visitor.keyboard.press(key);
}

/** Presses Tab, or another key, until the focus is on what has `name` in its name. */
async function reach(name: string, key = "Tab") {
  for (let n = 0; n < 40 && !(await on.focused()).includes(name); n++) await press(key);
  assert.ok((await on.focused()).includes(name), `${name} cannot be reached`);
}

test("the keyboard alone is enough", async () => {
  visitor = await chromium.open(site.url);
  on = new OnPage(visitor);
  await visitor.getByLabel("Password").waitFor();
  assert.equal(await on.focused(), "Password");
  await visitor.keyboard.type(PASSWORD);
  await press("Enter");
  await on.heading("New link").waitFor();
  assert.equal(await on.focused(), "User");
  await createAndRevoke();
  await reach("Bulk", "Shift+Tab");
  await press("Enter");
  await on.heading("Links for many users").waitFor();
  await runAndRevoke();
  await chromium.close(visitor);
});

async function createAndRevoke() {
  await visitor.keyboard.type(USER);
  await reach("1 hour");
  await press("ArrowRight");
  assert.ok(await visitor.getByLabel("1 day").isChecked());
  await reach("Create link");
  await press("Enter");
  await on.heading("Link created").waitFor();
  assert.equal(await on.focused(), "Link created");
  await reach("Reveal");
  await press("Space");
  await visitor.getByText("ticket=").waitFor();
  await reach("Revoke");
  await press("Enter");
  assert.equal(await on.focused(), "Cancel");
  await press("Tab", "Enter");
  await on.heading("Link revoked").waitFor();
  assert.notEqual(await on.focused(), "body");
}

async function runAndRevoke() {
  await reach("User IDs");
  await visitor.keyboard.type(userIds(2).join("\n"));
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
