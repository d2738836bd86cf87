// Tests every state on a desktop, and the ring around what has the focus, in light and dark.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import { useBrowser } from "../support/browser.ts";
import { loggedInCookies, startSite } from "../support/site.ts";
import { edgeContrast, ring } from "./contrast.js";
import { button, created, goTo, heading, startRun, USER, userIds } from "./on-page.js";
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
