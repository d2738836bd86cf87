// Tests every state on a desktop, in light and dark, and the page by keyboard alone.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import { useBrowser } from "../support/browser.js";
import { loggedInCookies, startSite } from "../support/site.js";
import { edgeContrast, ring } from "./contrast.js";
import { button, created, focused, goTo, heading, startRun, USER, userIds } from "./on-page.js";
import { testStates } from "./states.js";

let site, page;

const chromium = useBrowser();
const test = chromium.tests(() => site.control.reset());

before(async () => (site = await startSite()));
after(() => site?.stop());

for (const look of ["light", "dark"]) testStates(look, chromium, () => site);

for (const colorScheme of ["light", "dark"]) {
  test(`every focus ring has 3:1 contrast: ${colorScheme}`, async () => {
    await site.control.reset();
    page = await chromium.open(site.url, { colorScheme });
    await page.getByLabel("Password").waitFor();
    await checkRings(2);
    await chromium.close(page);
    page = await chromium.open(site.url, { cookies: await loggedInCookies(site), colorScheme });
    for (const view of ["New link", "Bulk", "History"]) {
      await goTo(page, view);
      await checkRings(8);
    }
    await goTo(page, "New link");
    await created(page, USER);
    await checkRings(10);
    await button(page, "Revoke").click();
    await checkRings(2);
    await page.keyboard.press("Escape");
    await startRun(page, userIds(30).join("\n"));
    await heading(page, "Run finished").waitFor();
    await checkRings(12);
    await goTo(page, "History");
    await button(page, "Details").first().click();
    await button(page, "Revoke by token ID").click();
    await checkRings(10);
    await chromium.close(page);
  });
}

/** Goes through the page by Tab, and measures the ring around each of the `atLeast` controls or more. */
async function checkRings(atLeast) {
  const seen = new Set();
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(ring);
    if (!found || seen.has(found.name)) continue;
    seen.add(found.name);
    const contrast = edgeContrast(found);
    assert.ok(contrast >= 3, `${found.name}: ${contrast.toFixed(2)} ${JSON.stringify(found)}`);
  }
  assert.ok(seen.size >= atLeast, [...seen].join());
}

async function press(...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

async function tabTo(name) {
  for (let n = 0; n < 40 && !(await focused(page)).includes(name); n++) await press("Tab");
  assert.ok((await focused(page)).includes(name), `${name} cannot be reached`);
}

test("the keyboard alone is enough", async () => {
  await site.control.reset();
  page = await chromium.open(site.url);
  await page.getByLabel("Password").waitFor();
  assert.equal(await focused(page), "Password");
  await page.keyboard.type("correct horse battery");
  await press("Enter");
  await heading(page, "New link").waitFor();
  assert.equal(await focused(page), "User ID");
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
