// Playwright: an end-to-end test as a signed-in user. The app under test is the example `redeem`.
import { expect } from "@playwright/test";

import { test } from "./fixtures.ts";

test("a signed-in user sees who they are", async ({ page, signIn }) => {
  await page.goto("/");
  await signIn("user_playwright");
  await page.reload();
  await expect(page.getByText("You are signed in as user_playwright.")).toBeVisible();
});

test("a user is signed in to an organization", async ({ page, signIn }) => {
  await page.goto("/");
  await signIn("user_playwright", { orgId: "org_playwright" });
  await page.reload();
  await expect(page.getByText("user_playwright in org_playwright.")).toBeVisible();
});
