// Starts a site and a browser for the tests of bulk runs, and opens the Bulk view before each test.
import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";

import { heading } from "./on-page.js";
import { ownTexts, useBrowser } from "../support/browser.js";
import { loggedInCookies, startSite } from "../support/site.js";

/** Registers the hooks, and calls `onOpen` with the `site` and `page` of each test. Returns what the tests share. */
export function bulkPage(onOpen) {
  const chromium = useBrowser();
  let site, cookies, page;
  before(async () => {
    site = await startSite();
    cookies = await loggedInCookies(site);
  });
  beforeEach(reset);
  after(async () => {
    assert.deepEqual(ownTexts(chromium), []);
    await site?.stop();
  });
  return {
    finished: () => heading(page, "Run finished").waitFor({ timeout: 30_000 }),
    test: chromium.tests(reset),
    tokens: () => site.control.tokens(),
  };

  async function reset() {
    await site.control.reset();
    await chromium.close(page);
    page = await chromium.open(`${site.url}/#bulk`, { cookies });
    onOpen({ site, page });
    await heading(page, "Links for many users").waitFor();
  }
}
