// Tests the login of the admin page in Chromium.
import assert from "node:assert/strict";
import { describe } from "node:test";

import type { Route } from "playwright-core";

import { logIn, startAccess, startSite } from "../../support/site.ts";
import { OnPage, USER } from "../on-page.ts";
import { chromium, on, page, site, testIn, users } from "./per-test.ts";

const test = testIn("New link");

describe("the login", () => {
  test("refuses a wrong password, and Escape does not close it", async () => {
    await page.context().clearCookies();
    await page.reload();
    await logIn(page, "a wrong password");
    await page.getByText("Wrong password.").first().waitFor();
    for (const key of ["Escape", "Escape"]) await page.keyboard.press(key);
    await logIn(page);
    await on.heading("New link").waitFor();
  });

  test("returns when the session ends, then continues the request", async () => {
    await page.context().clearCookies();
    await on.create(USER);
    await page.getByText("Your session has ended.").waitFor();
    for (const key of ["Escape", "Escape"]) await page.keyboard.press(key);
    assert.equal((await site.control.requests()).length, 0);
    await logIn(page);
    await on.heading("Link created").waitFor();
    assert.deepEqual(await users(), [USER]);
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

  test("is none behind Cloudflare Access", async () => {
    using access = await startAccess();
    await using site = await startSite(access.vars);
    const page = await chromium.open(site.url);
    const on = new OnPage(page);
    const email = "agatha.christopherson@support.example.com";
    const assertion = await access.jwt({ email });
    await on.heading("Log in with Cloudflare Access").waitFor();
    assert.equal(await page.getByLabel("Password").count(), 0);
    await page.context().setExtraHTTPHeaders({ "cf-access-jwt-assertion": assertion });
    await on.button("Continue here").click();
    await page.getByText(email).waitFor();
    // The Access session ends: Access answers in place of the edge function.
    for (const answer of [
      { status: 302, headers: { location: "https://team.example/login" } },
      { status: 401, contentType: "text/html", body: "<h1>Log in</h1>" },
    ]) {
      await page.route("**/v1/**", (route) => route.fulfill(answer));
      await on.create(USER);
      await on.heading("Log in with Cloudflare Access").waitFor();
      await page.unroute("**/v1/**");
      await on.button("Continue here").click();
      await on.heading("Link created").waitFor();
      await on.button("Create another").click();
    }
    assert.equal((await site.control.tokens()).length, 2);
    await chromium.close(page);
  });
});
