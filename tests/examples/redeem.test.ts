// Tests the example `redeem` with the real @clerk/clerk-js, built by Vite, in Chromium, against the
// emulator's Frontend API.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { copyIntoApp } from "../support/app.ts";
import { type RedeemSite, startRedeemSite } from "../support/redeem-site.ts";
import { useBrowser } from "../support/browser.ts";
import type { Control } from "../../emulator/control.ts";
import type { SignInToken, SignInTokens } from "clerk-sign-in-tokens";
import type { Page } from "playwright-core";

let site: RedeemSite, control: Control, tokens: SignInTokens;

const chromium = useBrowser();

before(async () => {
  site = await startRedeemSite(copyIntoApp("examples", "examples-redeem"));
  ({ control, tokens } = site);
});
beforeEach(() => control.reset());
after(() => site?.stop());

const linkTo = ({ token = "", userId }: Partial<SignInToken>) =>
  `${site.url}/#${new URLSearchParams({ ticket: token, ...(userId && { user: userId }) })}`;
const says = (page: Page, text: string | RegExp) => page.getByText(text).waitFor();
const click = (page: Page, name: string) => page.getByRole("button", { name }).click();
const signIns = async () =>
  (await control.requests()).filter(({ operation }) => operation === "sign_in");
const statuses = async () => (await control.tokens()).map(({ status }) => status);

const createTwo = () =>
  Promise.all(["user_anna", "user_bert"].map((userId) => tokens.create({ userId })));

/** Opens a page, runs `check` on it, closes it. */
async function visit(url: string, check: (page: Page) => Promise<void>) {
  const page = await chromium.open(url);
  try {
    await check(page);
  } finally {
    await chromium.close(page);
  }
}

async function signIn(page: Page, token: SignInToken) {
  await page.goto(linkTo(token));
  await click(page, "Sign in");
  await says(page, `You are signed in as ${token.userId}`);
}

test("redeems on click, not on load, and activates session and organization together", async () => {
  const token = await tokens.create({ userId: "user_anna", orgId: "org_1" });
  const page = await chromium.open("about:blank");
  const urls: string[] = [];
  page.on("request", (request) => urls.push(request.url()));
  await page.goto(linkTo(token));
  await says(page, "Your sign-in link is ready.");
  assert.equal(page.url(), `${site.url}/`);
  assert.deepEqual([await signIns(), await statuses()], [[], ["pending"]]);

  await click(page, "Sign in");
  await says(page, "You are signed in as user_anna in org_1.");
  assert.deepEqual(await statuses(), ["accepted"]);
  const [{ strategy, headers }] = await signIns();
  assert.deepEqual([strategy, headers.referer], ["ticket", undefined]);

  const kept = await page.evaluate(() =>
    JSON.stringify([localStorage, sessionStorage, history.state]),
  );
  const cookies = JSON.stringify(await page.context().cookies());
  for (const text of [kept, cookies, ...urls, ...chromium.consoleTexts])
    assert.ok(!text.includes(String(token.token)), text);
  for (const url of urls) assert.match(url, /^(blob:)?http:\/\/127\.0\.0\.1:/);
  await chromium.close(page);
});

describe("a reload", () => {
  test("before the click does not lose the ticket", async () => {
    const token = await tokens.create({ userId: "user_anna" });
    await visit(linkTo(token), async (page) => {
      await says(page, "Your sign-in link is ready.");
      await page.reload();
      await click(page, "Sign in");
      await says(page, "You are signed in as user_anna.");
    });
  });

  test("after the click continues the session, as opening the link again in the tab", async () => {
    const token = await tokens.create({ userId: "user_anna" });
    await visit("about:blank", async (page) => {
      await signIn(page, token);
      await page.reload();
      await says(page, "You are signed in as user_anna.");
      // In the same tab, only the hash changes: the page reloads itself.
      await Promise.all([page.waitForEvent("load"), page.goto(linkTo(token))]);
      await says(page, "You are signed in as user_anna.");
      assert.equal((await signIns()).length, 1);
    });
  });

  test("while the request is in flight does not redeem again", async () => {
    const token = await tokens.create({ userId: "user_anna" });
    await visit(linkTo(token), async (page) => {
      await control.fault({ operation: "sign_in", effect: true, delay: 60_000, drop: "answer" });
      await click(page, "Sign in");
      await says(page, "Signing in…");
      while ((await statuses())[0] !== "accepted") await sleep(20);
      await page.reload();
      await says(page, "You are signed in as user_anna.");
      assert.equal((await signIns()).length, 1);
    });
  });
});

test("continues after a lost answer, if the ticket was redeemed", async () => {
  const token = await tokens.create({ userId: "user_anna" });
  await visit(linkTo(token), async (page) => {
    await control.fault({ operation: "sign_in", effect: true, drop: "answer" });
    // Chromium itself sends a POST again if a kept-alive connection breaks.
    await control.fault({ operation: "sign_in", drop: "answer", times: 10 });
    await click(page, "Sign in");
    await says(page, "No answer came.");
    await control.clearFaults();
    await click(page, "Try again");
    await says(page, "You are signed in as user_anna.");
  });
});

describe("says why a link does not work", () => {
  for (const [what, expected, prepare, userId = "user_anna"] of [
    ["expired", "This link has expired.", () => control.advance(601)],
    ["revoked", "This link has been revoked.", ({ id }) => tokens.revoke(id)],
    ["already used", "This link has been used already", ({ url }) => fetch(String(url))],
    ["a second factor", "This account also asks for a second factor.", () => {}, "user_2fa_anna"],
  ] as [string, string, (token: SignInToken) => unknown, string?][]) {
    test(what, async () => {
      const token = await tokens.create({ userId, expiresInSeconds: 600 });
      await prepare(token);
      await visit(linkTo(token), async (page) => {
        await click(page, "Sign in");
        await says(page, expected);
        assert.equal(await page.getByRole("button").count(), 0);
        await page.reload();
        await says(page, "This link has been used already");
      });
    });
  }

  test("an invalid ticket", () =>
    visit(linkTo({ token: "nonsense" }), async (page) => {
      await click(page, "Sign in");
      await says(page, "This link is not valid.");
    }));

  test("no ticket", () => visit(site.url, (page) => says(page, "There is no sign-in link here.")));

  test("too many sign-ins from one address; the ticket works later", async () => {
    // Longer than the test takes.
    await control.setSignInLimit(1, 600);
    const [first, second] = await createTwo();
    await visit("about:blank", (page) => signIn(page, first));
    await visit(linkTo(second), async (page) => {
      await click(page, "Sign in");
      await says(page, /Try again in \d+ seconds\./);
      await control.setSignInLimit(0);
      await click(page, "Try again");
      await says(page, "You are signed in as user_bert.");
    });
  });
});

describe("if a user is signed in already", () => {
  /** Opens a link for `userId` in a browser where anna is signed in. */
  const openAsAnna = async (userId: string, check: (page: Page) => Promise<void>) => {
    const first = await tokens.create({ userId: "user_anna" });
    const second = await tokens.create({ userId });
    await visit("about:blank", async (page) => {
      await signIn(page, first);
      await page.goto("about:blank");
      await page.goto(linkTo(second));
      await check(page);
    });
  };

  test("does not ask if the link is for the same user", () =>
    openAsAnna("user_anna", async (page) => {
      await says(page, "You are signed in as user_anna.");
      assert.deepEqual(await statuses(), ["accepted", "pending"]);
    }));

  test("stays signed in on request, and leaves the ticket unused", () =>
    openAsAnna("user_bert", async (page) => {
      await says(page, "You are signed in as user_anna@example.com.");
      await click(page, "Stay signed in");
      await says(page, "You are signed in as user_anna.");
      await page.reload();
      await says(page, "You are signed in as user_anna.");
      assert.deepEqual(await statuses(), ["accepted", "pending"]);
    }));

  test("signs out and uses the link on request", () =>
    openAsAnna("user_bert", async (page) => {
      await click(page, "Sign out and use the link");
      await says(page, "You are signed in as user_bert.");
      assert.deepEqual(await statuses(), ["accepted", "accepted"]);
    }));

  test("asks if another tab has signed in meanwhile", async () => {
    const [first, second] = await createTwo();
    await visit(linkTo(second), async (page) => {
      await says(page, "Your sign-in link is ready.");
      const other = await page.context().newPage();
      await signIn(other, first);
      await click(page, "Sign in");
      await says(page, "You are signed in as user_anna@example.com.");
      await click(page, "Sign out and use the link");
      await says(page, "You are signed in as user_bert.");
    });
  });
});

test("the console shows only Clerk's own notice of a development instance", () => {
  const others = chromium.consoleTexts.filter(
    (text) => !/development keys|status of 4\d\d|ERR_CONNECTION_RESET/.test(text),
  );
  assert.deepEqual(others, []);
});
