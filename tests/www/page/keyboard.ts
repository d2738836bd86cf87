// Tests the page by keyboard alone.
import assert from "node:assert/strict";

import type { Page } from "playwright-core";

import { PASSWORD } from "../../support/site.ts";
import { finished, focused, heading, USER, userIds } from "../on-page.ts";
import { chromium, site, testIn } from "./per-test.ts";

const test = testIn("New link");

let visitor: Page;

async function press(...keys: string[]) {
  for (const key of keys) await visitor.keyboard.press(key);
}

/** Presses Tab, or another key, until the focus is on what has `name` in its name. */
async function reach(name: string, key = "Tab") {
  for (let n = 0; n < 40 && !(await focused(visitor)).includes(name); n++) await press(key);
  assert.ok((await focused(visitor)).includes(name), `${name} cannot be reached`);
}

test("the keyboard alone is enough", async () => {
  visitor = await chromium.open(site.url);
  await visitor.getByLabel("Password").waitFor();
  assert.equal(await focused(visitor), "Password");
  await visitor.keyboard.type(PASSWORD);
  await press("Enter");
  await heading(visitor, "New link").waitFor();
  assert.equal(await focused(visitor), "User");
  await createAndRevoke();
  await reach("Bulk", "Shift+Tab");
  await press("Enter");
  await heading(visitor, "Links for many users").waitFor();
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
  await heading(visitor, "Link created").waitFor();
  assert.equal(await focused(visitor), "Link created");
  await reach("Reveal");
  await press("Space");
  await visitor.getByText("ticket=").waitFor();
  await reach("Revoke");
  await press("Enter");
  assert.equal(await focused(visitor), "Cancel");
  await press("Tab", "Enter");
  await heading(visitor, "Link revoked").waitFor();
  assert.notEqual(await focused(visitor), "body");
}

async function runAndRevoke() {
  await reach("User IDs");
  await visitor.keyboard.type(userIds(2).join("\n"));
  await reach("Create 2 links");
  await press("Enter");
  await finished(visitor);
  await reach("Revoke all (2)");
  await press("Enter");
  assert.equal(await focused(visitor), "Cancel");
  await press("Tab", "Enter");
  await finished(visitor, { Revoked: 2 });
  assert.notEqual(await focused(visitor), "body");
}
