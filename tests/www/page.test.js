// Tests one link on the admin page in Chromium: handing it over, errors, and not losing it.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe } from "node:test";

import { SECRET_KEY } from "../../emulator/server.js";
import {
  button,
  confirm,
  create,
  created,
  focused,
  goTo,
  heading,
  ORGANIZATION,
  OTHER,
  USER,
} from "./on-page.js";
import { ownTexts, useBrowser } from "../support/browser.js";
import { loggedInCookies, startSite } from "../support/site.js";

let site, cookies, page;

const chromium = useBrowser();
const test = chromium.tests(reset);

const alert = (text) => page.getByRole("alert").filter({ hasText: text }).first();
const tokens = () => site.control.tokens();
/** Copies the link. The button says so for a moment only, so the wait begins before the click. */
const copied = () =>
  Promise.all([button(page, "Copied").waitFor(), button(page, "Copy link").click()]);
const notFound = {
  operation: "create",
  status: 404,
  body: {
    errors: [
      { code: "resource_not_found", message: "not found", long_message: "No user was found" },
    ],
    clerk_trace_id: "0123456789abcdef0123456789abcdef",
  },
};

before(async () => {
  site = await startSite();
  cookies = await loggedInCookies(site);
});
beforeEach(reset);
after(async () => {
  await site?.stop();
});

/** A page of its own for each test. */
async function reset() {
  // First, so that no request of the old page comes after the reset.
  await chromium.close(page);
  await site.control.reset();
  page = await chromium.open(site.url, {
    cookies,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await heading(page, "New link").waitFor();
}

describe("a link", () => {
  test("is hidden until revealed, and signs in once", async () => {
    await page.getByLabel(/Organization ID/).fill(ORGANIZATION);
    await page.getByLabel("1 day").check();
    await created(page, USER);
    assert.ok(!(await page.content()).includes("ticket="), "hidden");
    await page.getByText(/, in (24 h|1 day|23 h 59 min)/).waitFor();
    await button(page, "Show QR code").click();
    await page.getByRole("img", { name: "QR code" }).waitFor();
    assert.ok(!(await page.content()).includes("ticket="), "the picture does not reveal it");
    await button(page, "Reveal").click();
    const url = await page.getByRole("group", { name: "Sign-in link" }).innerText();
    const visitor = await chromium.open(url);
    assert.equal(await visitor.locator("h1").innerText(), "Signed in");
    await chromium.close(visitor);
    const [{ body }] = await site.control.requests();
    assert.deepEqual(JSON.parse(body), {
      user_id: USER,
      org_id: ORGANIZATION,
      expires_in_seconds: 86_400,
    });
    await button(page, "Revoke").click();
    await confirm(page, "Revoke link");
    await page.getByText("Already used or revoked", { exact: true }).waitFor();
    await button(page, "Copy link").waitFor({ state: "detached" });
  });

  test("can be copied, alone or in a message", async () => {
    await created(page, USER);
    const [{ url }] = await tokens();
    await copied();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url);
    await button(page, "Copy as message").click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes("\n"));
    const message = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(message, /^Here is your sign-in link\. It works once, until .* at .*:\nhttp/);
    assert.ok(message.includes(url));
  });

  test("is revoked only after confirmation", async () => {
    await created(page, USER);
    await button(page, "Revoke").click();
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "Revoke");
    assert.equal((await tokens())[0].status, "pending");
    await button(page, "Revoke").click();
    await confirm(page, "Revoke link");
    await heading(page, "Link revoked").waitFor();
    assert.equal((await tokens())[0].status, "revoked");
  });

  test("reads as used or revoked after a revoke whose answer was lost", async () => {
    await created(page, USER);
    await site.control.fault({ operation: "revoke", drop: "answer", effect: true });
    await button(page, "Revoke").click();
    await confirm(page, "Revoke link");
    await page.getByText("Already used or revoked", { exact: true }).waitFor();
    assert.doesNotMatch(await page.innerText("main"), /Nothing was revoked|not pending|refused/);
    assert.equal(await page.locator(".status.good").count(), 0, "not in green");
  });

  test("reports a revoke with an unknown outcome", async () => {
    await created(page, USER);
    await site.control.fault({ operation: "revoke", status: 503, times: 3 });
    await button(page, "Revoke").click();
    await confirm(page, "Revoke link");
    await alert("The link may have been revoked").waitFor();
    await button(page, "Try again").click();
    await confirm(page, "Revoke link");
    await page.getByText("Revoked", { exact: true }).waitFor();
  });

  test("counts down and expires", async () => {
    await page.clock.install();
    await page.reload();
    await page.getByLabel("10 minutes").check();
    await created(page, USER);
    await button(page, "Copy link").focus();
    await page.clock.fastForward("05:00");
    await page.getByText(/in (5 min|4 min \d+ s)/).waitFor();
    await page.clock.fastForward("05:01");
    await heading(page, "Link expired").waitFor();
    await page.getByText("Expired", { exact: true }).first().waitFor();
    assert.notEqual(await focused(page), "body", "the focus stays in the card");
  });
});

describe("an error", () => {
  test("is retried with the current form", async () => {
    await site.control.fault(notFound);
    await create(page, OTHER);
    await alert("Clerk found nothing with this ID").waitFor();
    await page.getByLabel("User ID", { exact: true }).fill(USER);
    await button(page, "Try again").click();
    await heading(page, "Link created").waitFor();
    assert.deepEqual(
      (await tokens()).map(({ user_id }) => user_id),
      [USER],
    );
  });

  test("shows full sentences, none twice, and the trace ID", async () => {
    await site.control.fault(notFound);
    await create(page, USER);
    const text = await alert("Clerk found nothing with this ID").innerText();
    assert.match(
      text,
      /No user was found\. No link was created\.\s+Trace ID, .*: 0123456789abcdef/,
    );
    const sentences = text.split(/(?<=[.!?])\s+|\n+/).filter(Boolean);
    assert.equal(new Set(sentences).size, sentences.length, text);
  });

  test("counts down to the end of a rate limit", async () => {
    await site.control.fault({
      status: 429,
      headers: { "retry-after": "3" },
      body: { errors: [] },
    });
    const counted = page.getByRole("button", { name: /^Try again in [123] s$/ });
    await Promise.all([counted.waitFor(), create(page, USER)]);
    await button(page, "Try again").click();
    await heading(page, "Link created").waitFor();
  });

  test("says where to look for a link that may exist", async () => {
    await site.control.fault({ status: 503, body: "<h1>down</h1>", effect: true });
    await create(page, USER);
    const text = await alert("A link may have been created").innerText();
    for (const part of ["Application Logs", "sign_in_token.created", USER, "1, 7 or 30 days"])
      assert.ok(text.includes(part), text);
    await button(page, "Create again").waitFor();
  });

  test("a proxy's refusal is no proof that there is no link", async () => {
    await site.control.fault({ status: 404, body: "<h1>Not here</h1>", effect: true });
    await create(page, USER);
    const text = await alert("A link may have been created").innerText();
    assert.match(text, /The answer did not come from Clerk\./);
    assert.doesNotMatch(text, /No link was created/);
    assert.match(text, /not there after some minutes, no link exists/);
  });

  test("does not settle an unknown outcome before it", async () => {
    await site.control.fault({ status: 503, body: "<h1>down</h1>", effect: true });
    await create(page, USER);
    await alert("A link may have been created").waitFor();
    await site.control.fault(notFound);
    await button(page, "Create again").click();
    await alert("Clerk found nothing with this ID").waitFor();
    await alert("A link may have been created").waitFor();
    await button(page, "Try again").click();
    await heading(page, "Link created").waitFor();
    await button(page, "Create another").click();
    await heading(page, "New link").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  test("of Clerk's ends no session, whatever its code", async () => {
    const errors = [{ code: "session_required", message: "m", long_message: "Not this way" }];
    await site.control.fault({ status: 422, body: { errors } });
    await create(page, USER);
    await alert("Not this way").waitFor();
    await button(page, "Try again").click();
    await heading(page, "Link created").waitFor();
  });

  test("tells whom to ask about a refused key", async () => {
    await site.control.fault({ status: 401, body: { errors: [] } });
    await create(page, USER);
    assert.match(await alert("does not accept the secret key").innerText(), /CLERK_SECRET_KEY/);
  });

  for (const [given, said] of [
    ["", "Enter a user ID."],
    ["anna@example.com", "That is an email address."],
    [ORGANIZATION, "That is an organization ID."],
    ["anna", "A user ID starts with user_."],
  ]) {
    test(`appears before a request: "${given}"`, async () => {
      await create(page, given);
      await page.getByText(said).waitFor();
      assert.equal(await focused(page), "User ID");
      assert.equal((await site.control.requests()).length, 0);
    });
  }
});

describe("a link that was not handed over", () => {
  test("stays listed beside a second link", async () => {
    await created(page, USER);
    await button(page, "Create another").click();
    assert.equal(await focused(page), "User ID");
    await page.getByRole("region", { name: "Links from this tab" }).getByText(USER).waitFor();
    await page.getByText("Not handed over yet").waitFor();
    await button(page, "Copy link").click();
    await page.getByText("Handed over").waitFor();
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      (await tokens())[0].url,
    );
  });

  test("makes the browser ask before closing, until it is copied", async () => {
    await created(page, USER);
    const asked = page.waitForEvent("dialog");
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    assert.equal(dialog.type(), "beforeunload");
    await dialog.dismiss();
    await copied();
    const closed = page.waitForEvent("close");
    await page.close({ runBeforeUnload: true });
    await closed;
  });

  test("makes the browser ask before closing while it is being created", async () => {
    await site.control.fault({ operation: "create", delay: 600_000 });
    await create(page, USER);
    await button(page, "Creating…").waitFor();
    const asked = page.waitForEvent("dialog");
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    assert.equal(dialog.type(), "beforeunload");
    await dialog.dismiss();
    await site.control.release();
    await heading(page, "Link created").waitFor();
  });

  test("makes a log-out ask", async () => {
    const own = await chromium.open(site.url, { cookies: await loggedInCookies(site) });
    await created(own, USER);
    await button(own, "Log out").click();
    await own.getByText("One link was neither copied nor downloaded.").waitFor();
    await own.keyboard.press("Escape");
    await button(own, "Copy link").waitFor();
    await button(own, "Log out").click();
    await confirm(own, "Log out anyway");
    await heading(own, "Log in").waitFor();
    await chromium.close(own);
  });

  test("stays when the log-out fails", async () => {
    await page.route("**/session", (route) => route.fulfill({ status: 500, body: "down" }));
    await button(page, "Log out").click();
    await alert("you are still logged in").waitFor();
  });

  test("keeps the form's text while another view is shown", async () => {
    await page.getByLabel("User ID", { exact: true }).fill(USER);
    await goTo(page, "Bulk");
    await page.waitForFunction(() => document.title === "Bulk · Sign-in links");
    await page.goBack();
    assert.equal(await page.getByLabel("User ID", { exact: true }).inputValue(), USER);
  });
});

test("the console, storage, address and cookies never hold a secret", async () => {
  await created(page, USER);
  await button(page, "Reveal").click();
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]),
  );
  assert.ok(!/ticket|eyJ|sk_/.test(stored), stored);
  assert.deepEqual(ownTexts(chromium), []);
  assert.ok(!site.output().includes(SECRET_KEY));
});
