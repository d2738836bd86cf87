// Starts one site and one browser for all files that are loaded together, and opens one view of the page anew before each test.
// What the pages write to the console fails the run, and so does a secret key that the Worker prints.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import { heading } from "../on-page.js";
import { SECRET_KEY } from "../../../emulator/server.ts";
import { ownTexts, useBrowser } from "../../support/browser.ts";
import { loggedInCookies, startSite } from "../../support/site.ts";

const VIEWS = { "": "New link", "#bulk": "Links for many users" };

const chromium = useBrowser();
let site, cookies, page;
before(async () => {
  site = await startSite();
  cookies = await loggedInCookies(site);
});
after(async () => {
  await chromium.close(page);
  await site?.stop();
  assert.deepEqual(ownTexts(chromium), []);
  assert.ok(!site?.output().includes(SECRET_KEY), "the Worker printed the secret key");
});

/**
 * Returns what the tests of a file share. Before each test, `onOpen` gets the `site` and a new `page`. `hash` names the view,
 * `options` are those of Playwright's contexts.
 */
export function pagePerTest(hash, onOpen, options) {
  const test = chromium.tests(() => {});
  return {
    chromium,
    finished: () => heading(page, "Run finished").waitFor({ timeout: 30_000 }),
    test: (name, body) =>
      test(name, async (context) => {
        await open();
        await body(context);
      }),
    tokens: () => site.control.tokens(),
  };

  async function open() {
    // First, so that no request of the old page comes after the reset.
    await chromium.close(page);
    await site.control.reset();
    page = await chromium.open(`${site.url}/${hash}`, { cookies, ...options });
    onOpen({ site, page });
    await heading(page, VIEWS[hash]).waitFor();
  }
}
