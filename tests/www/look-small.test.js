// Tests every state on a tablet and on a 320 px phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { loggedInCookies, startBrowser, startSite } from "../support/site.js";
import { USER } from "./on-page.js";
import { LOOKS, testStates } from "./states.js";

let site, chromium, page;

before(async () => {
  [site, chromium] = await Promise.all([startSite(), startBrowser()]);
});
after(async () => {
  await chromium?.stop();
  await site?.stop();
});

for (const look of ["tablet", "phone"]) testStates(look, () => ({ site, chromium }));

test("a full-length ID fits its field at 320 px", async () => {
  page = await chromium.open(site.url, { cookies: await loggedInCookies(site), ...LOOKS.phone });
  const field = page.getByLabel("User ID", { exact: true });
  await field.fill(USER);
  const { scrollWidth, clientWidth } = await field.evaluate((input) => ({
    scrollWidth: input.scrollWidth,
    clientWidth: input.clientWidth,
  }));
  assert.ok(scrollWidth <= clientWidth, `${scrollWidth} px in ${clientWidth}`);
  await page.context().close();
});
