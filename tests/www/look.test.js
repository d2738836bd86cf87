// The page on a desk, in light and in dark, and by the keyboard alone.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import { useBrowser } from "../support/browser.js";
import { loggedInCookies, startSite } from "../support/site.js";
import { edgeContrast, ring } from "./contrast.js";
import { focused, goTo, heading, USER, userIds } from "./on-page.js";
import { testStates } from "./states.js";

let site, page;

const chromium = useBrowser();
const test = chromium.tests(() => site.control.reset());

before(async () => (site = await startSite()));
after(() => site?.stop());

for (const look of ["light", "dark"]) testStates(look, chromium, () => site);

for (const colorScheme of ["light", "dark"]) {
  test(`the focus is seen wherever the keyboard goes: ${colorScheme}`, async () => {
    page = await chromium.open(site.url, { cookies: await loggedInCookies(site), colorScheme });
    for (const view of ["New link", "Bulk", "History"]) {
      await goTo(page, view);
      const seen = new Set();
      for (let n = 0; n < 40; n++) {
        await page.keyboard.press("Tab");
        const found = await page.evaluate(ring);
        if (!found || seen.has(found.name)) continue;
        seen.add(found.name);
        const contrast = edgeContrast(found);
        assert.ok(contrast >= 3, `${found.name}: ${contrast.toFixed(2)} ${JSON.stringify(found)}`);
      }
      assert.ok(seen.size > 8, [...seen].join());
    }
    await chromium.close(page);
  });
}

test("everything is done by the keyboard alone", async () => {
  await site.control.reset();
  page = await chromium.open(site.url);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const tabTo = async (name) => {
    for (let n = 0; n < 40 && !(await focused(page)).includes(name); n++) await press("Tab");
    assert.ok((await focused(page)).includes(name), `${name} cannot be reached`);
  };
  await page.getByLabel("Password").waitFor();
  assert.equal(await focused(page), "Password");
  await page.keyboard.type("correct horse battery");
  await press("Enter");
  await heading(page, "New link").waitFor();
  assert.equal(await focused(page), "User ID");
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
  await heading(page, "This link does not work any more").waitFor();
  assert.notEqual(await focused(page), "body");
  await press("Shift+Tab");
  for (let n = 0; n < 20 && (await focused(page)) !== "Bulk"; n++) await press("Shift+Tab");
  await press("Enter");
  await heading(page, "Links for many users").waitFor();
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
  await chromium.close(page);
});
