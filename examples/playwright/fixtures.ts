// Playwright fixtures: `signIn(userId)` signs a test user in, without a password and without a
// link.
import { test as base } from "@playwright/test";

import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl = "https://api.clerk.com" } =
  process.env as Record<string, string>;
const tokens = new SignInTokens({ secretKey, apiUrl });

/** One token for all tests of a worker. It is valid for an hour. */
let testingToken: Promise<string> | undefined;

type SignIn = (userId: string, options?: { orgId?: string }) => Promise<void>;

export const test = base.extend<{ signIn: SignIn }>({
  /**
   * A page whose requests tell Clerk that a test is at work. Otherwise Clerk may refuse "bot
   * traffic".
   */
  page: async ({ page }, use) => {
    const token = await (testingToken ??= createTestingToken());
    await page.route(/\/v1\/(client|environment|dev_browser)\b/, async (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set("__clerk_testing_token", token);
      await route.continue({ url: url.href });
    });
    await use(page);
  },

  /** Signs a user in. The page must show a part of your app that loads Clerk. */
  signIn: async ({ page }, use) => {
    const ids: string[] = [];
    await use(async (userId, { orgId } = {}) => {
      const token = await tokens.create({ userId, orgId, expiresInSeconds: 60 });
      ids.push(token.id);
      await page.waitForFunction(() => globalThis.Clerk?.loaded);
      // The ticket goes into the page, not into an address: servers, proxies and reports keep
      // addresses.
      await page.evaluate(redeem, token.token ?? "");
    });
    // A trace may contain tickets. After this, each one was used or is revoked, so none signs in
    // any more.
    const revokes = await Promise.allSettled(ids.map(revoke));
    for (const result of revokes) if (result.status === "rejected") throw result.reason;
  },
});

/** Redeems the ticket. Runs in the page. */
async function redeem(ticket: string) {
  const { Clerk } = globalThis;
  if (!Clerk?.client) throw new Error("Clerk is not loaded.");
  const signIn = await Clerk.client.signIn.create({ strategy: "ticket", ticket });
  if (signIn.status !== "complete") throw new Error(`The sign-in is ${signIn.status}.`);
  await Clerk.setActive({ session: signIn.createdSessionId });
}

async function revoke(id: string) {
  try {
    await tokens.revoke(id);
  } catch (error) {
    // It was used before.
    if (!(error instanceof SignInTokensError && error.code === "not_pending")) throw error;
  }
}

async function createTestingToken(): Promise<string> {
  const response = await fetch(`${apiUrl}/v1/testing_tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
  });
  if (!response.ok) throw new Error(`No testing token: ${response.status}`);
  const { token } = (await response.json()) as { token: string };
  return token;
}
