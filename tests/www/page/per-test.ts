// Starts one site and one browser for all files that are loaded together, and opens the page anew
// before each test. What the pages write to the console fails the run, and so does a secret key
// that the Worker prints.
import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";

import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";

import { LIVE_SECRET_KEY } from "../../../emulator/server.ts";
import type { Session } from "../../../www/contract.ts";
import { ownTexts, useBrowser } from "../../support/browser.ts";
import { loggedInCookies, useSite } from "../../support/site.ts";
import { OnPage } from "../on-page.ts";

export const chromium = useBrowser();
// Its rate limit lets runs of many links end within a second.
export const site = await useSite({ CLERK_SECRET_KEY: LIVE_SECRET_KEY });
/** The page of the test that runs now. */
export let page: Page;
export let on: OnPage;

const cookies = await loggedInCookies(site);

// Before the reset, after which no request of this page may come.
afterEach(() => page?.close());
after(() => {
  assert.deepEqual(ownTexts(chromium), []);
  assert.ok(!site.output().includes(LIVE_SECRET_KEY), "the Worker printed the secret key");
});

export const tokens = () => site.control.tokens();

/** Returns the users of the tokens, sorted. Fails if one has two. */
export async function users() {
  const all = (await tokens()).map(({ user_id: user }) => user);
  assert.equal(new Set(all).size, all.length, "nobody has two");
  return all.sort();
}

/**
 * Returns `test` for bodies that start in a view of a new page. The pages of one `test` share a
 * context, since they then load in half the time.
 */
export function testIn(view: "New link" | "Bulk", options: BrowserContextOptions = {}) {
  let context: BrowserContext | undefined;
  return (name: string, body: () => unknown) =>
    test(name, async () => {
      context ??= await chromium.newContext(options);
      await context.setOffline(false);
      await context.clearCookies();
      await context.addCookies(cookies);
      page = await chromium.openIn(context, `${site.url}/${view === "Bulk" ? "#bulk" : ""}`);
      on = new OnPage(page);
      await on.heading(view === "Bulk" ? "Links for many users" : view).waitFor();
      await body();
    });
}

/** Opens the page anew. The Worker says something else there of who is logged in. */
export async function openWith(changes: Partial<Session>) {
  await page.route("**/session", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ json: { ...(await response.json()), ...changes } });
  });
  await page.reload();
}
