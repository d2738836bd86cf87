// Tests the login of the admin page in Chromium.
import assert from "node:assert/strict";
import { describe } from "node:test";

import type { Route } from "playwright-core";

import { logIn } from "../../support/site.ts";
import { OnPage, USER } from "../on-page.ts";
import { chromium, on, page, site, testIn, tokens } from "./per-test.ts";

const test = testIn("New link");

describe("the login", () => {
  test("refuses a wrong password, and Escape does not close it", async () => {
    const visitor = await chromium.open(site.url);
    await logIn(visitor, "a wrong password");
    await visitor.getByText("Wrong password.").first().waitFor();
    for (const key of ["Escape", "Escape"]) await visitor.keyboard.press(key);
    await logIn(visitor);
    await new OnPage(visitor).heading("New link").waitFor();
    await chromium.close(visitor);
  });

  test("returns when the session ends, then continues the request", async () => {
    await page.context().clearCookies();
    await on.create(USER);
    await page.getByText("Your session has ended.").waitFor();
    for (const key of ["Escape", "Escape"]) await page.keyboard.press(key);
    assert.equal((await site.control.requests()).length, 0);
    await logIn(page);
    await on.heading("Link created").waitFor();
    assert.deepEqual(
      (await tokens()).map(({ user_id }) => user_id),
      [USER],
    );
  });

  test("shows an error when the session cannot be checked", async () => {
    const failed = on.heading("The page cannot be loaded");
    await page.route("**/session", (route) => route.abort(), { times: 1 });
    await page.reload();
    await failed.waitFor();
    for (const fail of [
      (route: Route) => route.abort(),
      (route: Route) => route.fulfill({ status: 500, body: "down" }),
    ]) {
      const asked = Promise.withResolvers<Route>();
      await page.route("**/session", asked.resolve, { times: 1 });
      await on.button("Try again").click();
      await on.button("Trying…").waitFor();
      await fail(await asked.promise);
      await on.button("Try again").waitFor();
      await failed.waitFor();
    }
    await on.button("Try again").click();
    await on.heading("New link").waitFor();
  });
});
