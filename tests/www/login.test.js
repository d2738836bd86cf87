// Tests the login of the admin page in Chromium.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe } from "node:test";

import { button, create, heading, USER } from "./on-page.js";
import { ownTexts, useBrowser } from "../support/browser.js";
import { logIn, loggedInCookies, startSite } from "../support/site.js";

let site, cookies, page;

const chromium = useBrowser();
const test = chromium.tests(reset);

before(async () => {
  site = await startSite();
  cookies = await loggedInCookies(site);
});
beforeEach(reset);
after(async () => {
  assert.deepEqual(ownTexts(chromium), []);
  await site?.stop();
});

/** A page of its own for each test. */
async function reset() {
  await site.control.reset();
  await chromium.close(page);
  page = await chromium.open(site.url, { cookies });
  await heading(page, "New link").waitFor();
}

describe("the login", () => {
  test("refuses a wrong password, and Escape does not close it", async () => {
    const visitor = await chromium.open(site.url);
    await logIn(visitor, "a wrong password");
    await visitor.getByText("Wrong password.").first().waitFor();
    for (const key of ["Escape", "Escape"]) await visitor.keyboard.press(key);
    await logIn(visitor);
    await heading(visitor, "New link").waitFor();
    await chromium.close(visitor);
  });

  test("returns when the session ends, then continues the request", async () => {
    await page.context().clearCookies();
    await create(page, USER);
    await page.getByText("Your session has ended.").waitFor();
    for (const key of ["Escape", "Escape"]) await page.keyboard.press(key);
    assert.equal((await site.control.requests()).length, 0);
    await logIn(page);
    await heading(page, "Link created").waitFor();
    assert.deepEqual(
      (await site.control.tokens()).map(({ user_id }) => user_id),
      [USER],
    );
  });

  test("shows an error when the session cannot be checked", async () => {
    await page.route("**/session", (route) => route.abort());
    await page.reload();
    await heading(page, "The page cannot be loaded").waitFor();
    await button(page, "Try again").click();
    await heading(page, "The page cannot be loaded").waitFor();
    await page.unroute("**/session");
    await page.route("**/session", (route) => route.fulfill({ status: 500, body: "down" }));
    await button(page, "Try again").click();
    await heading(page, "The page cannot be loaded").waitFor();
    await page.unroute("**/session");
    await button(page, "Try again").click();
    await heading(page, "New link").waitFor();
  });
});
