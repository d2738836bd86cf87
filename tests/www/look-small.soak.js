// Tests every state on a tablet and on a 320 px phone.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import { useBrowser } from "../support/browser.ts";
import { loggedInCookies, startSite } from "../support/site.ts";
import { USER, userField } from "./on-page.js";
import { LOOKS, testStates } from "./states.js";

let site, page;

const chromium = useBrowser();
const test = chromium.tests(() => site.control.reset());

before(async () => (site = await startSite()));
after(() => site?.stop());

for (const look of ["tablet", "phone"]) testStates(look, chromium, () => site);

test("a full-length ID fits its field at 320 px", async () => {
  page = await chromium.open(site.url, { cookies: await loggedInCookies(site), ...LOOKS.phone });
  const field = userField(page);
  await field.fill(USER);
  const { scrollWidth, clientWidth } = await field.evaluate((input) => ({
    scrollWidth: input.scrollWidth,
    clientWidth: input.clientWidth,
  }));
  assert.ok(scrollWidth <= clientWidth, `${scrollWidth} px in ${clientWidth}`);
  await chromium.close(page);
});
