// Playwright fixtures: `signIn(userId)` signs a test user in, without a password and without a link.
import { test as base } from "@playwright/test";

import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl = "https://api.clerk.com" } =
  process.env;
const tokens = new SignInTokens({ secretKey, apiUrl });

/** One for all tests of a worker; Clerk's are valid for an hour. */
let testingToken;

export const test = base.extend({
  /** A page whose requests tell Clerk that a test, not a bot, is at work: else it may refuse "bot traffic". */
  page: async ({ page }, use) => {
    testingToken ??= createTestingToken();
    await page.route(/\/v1\/(client|environment|dev_browser)\b/, async (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set("__clerk_testing_token", await testingToken);
      await route.continue({ url: url.href });
    });
    await use(page);
  },

  /** Signs `userId` in. The page must be at an address of your app where Clerk is loaded. */
  signIn: async ({ page }, use) => {
    const ids = [];
    await use(async (userId, { orgId } = {}) => {
      const token = await tokens.create({ userId, orgId, expiresInSeconds: 60 });
      ids.push(token.id);
      await page.waitForFunction(() => globalThis.Clerk?.loaded);
      // Into the page, not into an address: servers, proxies and reports keep addresses.
      await page.evaluate(redeem, token.token);
    });
    // A trace may hold tickets. They were used, or are revoked here: none of them signs in any more.
    for (const id of ids) await revoke(id);
  },
});

/** Runs in the page. */
async function redeem(ticket) {
  const { Clerk } = globalThis;
  const signIn = await Clerk.client.signIn.create({ strategy: "ticket", ticket });
  if (signIn.status !== "complete") throw new Error(`The sign-in is ${signIn.status}.`);
  await Clerk.setActive({ session: signIn.createdSessionId });
}

async function revoke(id) {
  try {
    await tokens.revoke(id);
  } catch (error) {
    // A token that was used is not pending any more.
    if (!(error instanceof SignInTokensError && error.code === "rejected")) throw error;
  }
}

async function createTestingToken() {
  const response = await fetch(`${apiUrl}/v1/testing_tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
  });
  if (!response.ok) throw new Error(`No testing token: ${response.status}`);
  return (await response.json()).token;
}
