// Tests one link on the admin page in Chromium: sharing it, and not losing it.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { loggedInCookies } from "../../support/site.ts";
import { ORGANIZATION, USER } from "../on-page.ts";
import { chromium, on, page, site, testIn, tokens } from "./per-test.ts";

const test = testIn("New link", { permissions: ["clipboard-read", "clipboard-write"] });
/** The clock belongs to the context. */
const testWithClock = testIn("New link");

async function revoke() {
  await on.button("Revoke").click();
  await on.confirm("Revoke link");
}

describe("a link", () => {
  test("is hidden until revealed, in no storage or address, and signs in once", async () => {
    await page.getByLabel(/Organization ID/).fill(ORGANIZATION);
    await page.getByLabel("1 day").check();
    await on.created(USER);
    assert.ok(!(await page.content()).includes("ticket="), "hidden");
    await page.getByText(/, in (24 h|1 day|23 h 59 min)/).waitFor();
    await on.button("Show QR code").click();
    await page.getByRole("img", { name: "QR code" }).waitFor();
    assert.ok(!(await page.content()).includes("ticket="), "the picture does not reveal it");
    await on.button("Reveal").click();
    const url = await page.getByRole("group", { name: "Sign-in link" }).innerText();
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]),
    );
    assert.ok(!/ticket|eyJ|sk_/.test(stored), stored);
    const visitor = await chromium.open(url);
    assert.equal(await visitor.locator("h1").innerText(), "Signed in");
    await chromium.close(visitor);
    // The search for the user may be among them.
    const requests = await site.control.requests();
    const sent = requests.find(({ operation }) => operation === "create");
    assert.deepEqual(JSON.parse(sent?.body ?? ""), {
      user_id: USER,
      org_id: ORGANIZATION,
      expires_in_seconds: 86_400,
    });
    await revoke();
    await page.getByText("Already used or revoked", { exact: true }).waitFor();
    await on.button("Copy link").waitFor({ state: "detached" });
    assert.doesNotMatch(await page.innerText("main"), /Nothing was revoked|not pending|refused/);
    assert.equal(await page.locator(".status.good").count(), 0, "not in green");
  });

  test("can be copied, alone or in a message", async () => {
    await on.created(USER);
    const [{ url }] = await tokens();
    assert.equal(await on.copied(), url);
    await on.button("Copy as message").click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes("\n"));
    const message = await on.inClipboard();
    assert.match(message, /^Here is your sign-in link\. It works once, until .* at .*:\nhttp/);
    assert.ok(message.includes(url));
  });

  test("is revoked only after confirmation", async () => {
    await on.created(USER);
    await on.button("Revoke").click();
    await on.decline();
    assert.equal(await on.focused(), "Revoke");
    assert.equal((await tokens())[0].status, "pending");
    await revoke();
    await on.heading("Link revoked").waitFor();
    assert.equal((await tokens())[0].status, "revoked");
  });

  test("reports a revoke with an unknown outcome", async () => {
    await on.created(USER);
    // In place of the edge function, which would try again first.
    await page.route("**/revoke", (route) => route.fulfill({ status: 503 }), { times: 1 });
    await revoke();
    await on.alert("The link may have been revoked").waitFor();
    await on.button("Try again").click();
    await on.confirm("Revoke link");
    await page.getByText("Revoked", { exact: true }).waitFor();
  });

  testWithClock("counts down and expires", async () => {
    await page.clock.install();
    await page.reload();
    await page.getByLabel("10 minutes").check();
    await on.created(USER);
    await on.button("Copy link").focus();
    await page.clock.fastForward("05:00");
    await page.getByText(/in (5 min|4 min \d+ s)/).waitFor();
    await page.clock.fastForward("05:01");
    await on.heading("Link expired").waitFor();
    await page.getByText("Expired", { exact: true }).first().waitFor();
    assert.notEqual(await on.focused(), "body", "the focus stays in the card");
  });
});

describe("a link that was not shared", () => {
  test("stays listed beside a second link, whose form has nothing of the first", async () => {
    await page.getByLabel(/Organization ID/).fill(ORGANIZATION);
    await page.getByLabel(/Reason/).fill("TICKET-1");
    await page.getByLabel("1 day").check();
    await on.created(USER);
    await on.button("Create another").click();
    for (const label of ["User", /Organization ID/, /Reason/])
      assert.equal(await page.getByLabel(label, { exact: true }).inputValue(), "");
    assert.ok(await page.getByLabel("1 day").isChecked());
    assert.equal(await on.focused(), "User");
    await page.getByRole("region", { name: "Links from this tab" }).getByText(USER).waitFor();
    await page.getByText("Not shared yet").waitFor();
    await on.button("Copy link").click();
    await page.getByText(/^Shared, /).waitFor();
    assert.equal(await on.inClipboard(), (await tokens())[0].url);
  });

  test("makes the browser ask before closing, until it is copied", async () => {
    await on.created(USER);
    await on.asksBeforeClosing();
    await on.copied();
    const closed = page.waitForEvent("close");
    await page.close({ runBeforeUnload: true });
    await closed;
  });

  test("makes the browser ask before closing while it is being created", async () => {
    await site.control.fault({ operation: "create", delay: 600_000 });
    await on.create(USER);
    await on.button("Creating…").waitFor();
    await on.asksBeforeClosing();
    await site.control.release();
    await on.heading("Link created").waitFor();
  });

  test("makes a log-out ask", async () => {
    // A login of its own, since it ends.
    await page.context().addCookies(await loggedInCookies(site));
    await on.created(USER);
    await on.button("Log out").click();
    await page.getByText("One link was neither copied nor downloaded.").waitFor();
    await on.decline();
    await on.button("Copy link").waitFor();
    await on.button("Log out").click();
    await on.confirm("Log out anyway");
    await on.heading("Log in").waitFor();
  });

  test("stays when the log-out fails", async () => {
    await page.route("**/session", (route) => route.fulfill({ status: 500, body: "down" }));
    await on.button("Log out").click();
    await on.alert("you are still logged in").waitFor();
  });

  test("keeps the form's text while another view is shown", async () => {
    await on.userField.fill(USER);
    await on.goTo("Bulk");
    await page.waitForFunction(() => document.title === "Bulk · Sign-in links");
    await page.goBack();
    assert.equal(await on.userField.inputValue(), USER);
  });
});
