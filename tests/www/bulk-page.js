// Starts a site and a browser for the tests of bulk runs, and opens the Bulk view before each test.
import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";

import { heading } from "./on-page.js";
import { loggedInCookies, ownTexts, startBrowser, startSite } from "../support/site.js";

/** Registers the hooks. Returns an object with the `site` and `page` of the current test. */
export function bulkPage() {
  const shared = {
    finished: () => heading(shared.page, "Run finished").waitFor({ timeout: 30_000 }),
    tokens: () => shared.site.control.tokens(),
  };
  let chromium, cookies;
  before(async () => {
    [shared.site, chromium] = await Promise.all([startSite(), startBrowser()]);
    cookies = await loggedInCookies(shared.site);
  });
  beforeEach(async () => {
    await shared.site.control.reset();
    await shared.page?.context().close();
    shared.page = await chromium.open(`${shared.site.url}/#bulk`, { cookies });
    await heading(shared.page, "Links for many users").waitFor();
  });
  after(async () => {
    assert.deepEqual(ownTexts(chromium), []);
    await chromium?.stop();
    await shared.site?.stop();
  });
  return shared;
}
