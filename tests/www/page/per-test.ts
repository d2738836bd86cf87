// Starts one site and one browser for all files that are loaded together, and opens the page anew
// before each test. What the pages write to the console fails the run, and so does a secret key
// that the Worker prints.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";

import { LIVE_SECRET_KEY } from "../../../emulator/server.ts";
import { ownTexts, useBrowser } from "../../support/browser.ts";
import { loggedInCookies, type Site, startSite } from "../../support/site.ts";
import { OnPage } from "../on-page.ts";

export const chromium = useBrowser();
export let site: Site;
/** The page of the test that runs now. */
export let page: Page;
export let on: OnPage;

let cookies: Awaited<ReturnType<typeof loggedInCookies>>;

before(async () => {
  // Its rate limit lets runs of many links end within a second.
  site = await startSite({ CLERK_SECRET_KEY: LIVE_SECRET_KEY });
  cookies = await loggedInCookies(site);
});
after(async () => {
  await closePage();
  await site?.stop();
  assert.deepEqual(ownTexts(chromium), []);
  assert.ok(!site?.output().includes(LIVE_SECRET_KEY), "the Worker printed the secret key");
});

export const tokens = () => site.control.tokens();

/**
 * Returns `test` for bodies that start in a view of a new page. The pages of one `test` share a
 * context, since they then load in half the time.
 */
export function testIn(view: "New link" | "Bulk", options: BrowserContextOptions = {}) {
  const test = chromium.tests(() => {});
  let context: BrowserContext | undefined;
  return (name: string, body: () => unknown) =>
    test(name, async () => {
      // First, so that no request of the old page comes after the reset.
      await closePage();
      await site.control.reset();
      if (!context?.browser()?.isConnected()) context = await chromium.newContext(options);
      await context.setOffline(false);
      await context.clearCookies();
      await context.addCookies(cookies);
      page = await chromium.openIn(context, `${site.url}/${view === "Bulk" ? "#bulk" : ""}`);
      on = new OnPage(page);
      await on.heading(view === "Bulk" ? "Links for many users" : view).waitFor();
      await body();
    });
}

async function closePage() {
  if (page?.context().browser()?.isConnected()) await page.close();
}
