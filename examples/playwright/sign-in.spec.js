// Playwright: signs a test user in by opening a ticket URL, and revokes the token when the test is over.
import { test as base, expect } from "@playwright/test";

import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

const test = base.extend({
  /** `await signIn("user_…")` leaves the page signed in as this user. */
  signIn: async ({ page }, use) => {
    const { CLERK_SECRET_KEY, CLERK_API_URL } = process.env;
    const tokens = new SignInTokens({ secretKey: CLERK_SECRET_KEY, apiUrl: CLERK_API_URL });
    const ids = [];
    await use(async (userId) => {
      const token = await tokens.create({ userId, expiresInSeconds: 60 });
      ids.push(token.id);
      await page.goto(token.url);
    });
    for (const id of ids) {
      // One that was used is not pending any more, and so cannot be revoked.
      await tokens.revoke(id).catch((error) => {
        if (!(error instanceof SignInTokensError && error.code === "rejected")) throw error;
      });
    }
  },
});

test("a signed-in user sees who they are", async ({ page, signIn }) => {
  await signIn("user_playwright");
  await expect(page.getByText("You are signed in as user_playwright.")).toBeVisible();
});
