// Starts a site and a browser for a test file, and opens one view of the page anew before each test.
import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";

import { heading } from "./on-page.js";
import { SECRET_KEY } from "../../emulator/server.js";
import { ownTexts, useBrowser } from "../support/browser.js";
import { loggedInCookies, startSite } from "../support/site.js";

const VIEWS = { "": "New link", "#bulk": "Links for many users" };

/**
 * Registers the hooks, and calls `onOpen` with the `site` and `page` of each test. `hash` names the view, `options` are those of
 * Playwright's contexts. Returns what the tests share. What they write to the console fails the file, and so does a secret key
 * that the Worker prints.
 */
export function pagePerTest(hash, onOpen, options) {
  const chromium = useBrowser();
  let site, cookies, page;
  before(async () => {
    site = await startSite();
    cookies = await loggedInCookies(site);
  });
  beforeEach(reset);
  after(async () => {
    await chromium.close(page);
    await site?.stop();
    assert.deepEqual(ownTexts(chromium), []);
    assert.ok(!site?.output().includes(SECRET_KEY), "the Worker printed the secret key");
  });
  return {
    chromium,
    finished: () => heading(page, "Run finished").waitFor({ timeout: 30_000 }),
    test: chromium.tests(reset),
    tokens: () => site.control.tokens(),
  };

  async function reset() {
    // First, so that no request of the old page comes after the reset.
    await chromium.close(page);
    await site.control.reset();
    page = await chromium.open(`${site.url}/${hash}`, { cookies, ...options });
    onOpen({ site, page });
    await heading(page, VIEWS[hash]).waitFor();
  }
}
