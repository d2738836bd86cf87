// Tests the errors of one link on the admin page in Chromium: what they say, and what follows.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { limited, ORGANIZATION, OTHER, refusal, USER } from "../on-page.ts";
import { on, openWith, page, site, testIn, tokens, users } from "./per-test.ts";

const test = testIn("New link");
/** The clock belongs to the context. */
const testWithClock = testIn("New link");

/** A create that takes effect, and whose answer is a proxy's: no proof that there is no link. */
const NOT_HERE = {
  operation: "create",
  status: 404,
  body: "<h1>Not here</h1>",
  effect: true,
} as const;
const NOT_FOUND = {
  operation: "create",
  status: 404,
  body: {
    ...refusal("No user was found", "resource_not_found"),
    clerk_trace_id: "0123456789abcdef0123456789abcdef",
  },
} as const;

describe("an error", () => {
  test("has full sentences and the trace ID, and is retried with the current form", async () => {
    await site.control.fault(NOT_FOUND);
    await on.create(OTHER);
    const text = await on.alert("Clerk found nothing with this ID").innerText();
    assert.match(
      text,
      /No user was found\. No link was created\.\s+Trace ID, .*: 0123456789abcdef/,
    );
    const sentences = text.split(/(?<=[.!?])\s+|\n+/).filter(Boolean);
    assert.equal(new Set(sentences).size, sentences.length, text);
    await on.userField.fill(USER);
    await on.button("Try again").click();
    await on.heading("Link created").waitFor();
    assert.deepEqual(await users(), [USER]);
  });

  testWithClock("counts down to the end of a rate limit", async () => {
    await page.clock.install();
    await site.control.fault(limited(30));
    await on.create(USER);
    await page.getByRole("button", { name: /^Try again in \d\d? s$/ }).waitFor();
    await page.clock.fastForward(30_000);
    await on.button("Try again").click();
    await on.heading("Link created").waitFor();
  });

  test("with an unknown outcome says where to look, and Enter makes no second link", async () => {
    await site.control.fault(NOT_HERE);
    await on.create(USER);
    const text = await on.alert("A link may have been created").innerText();
    assert.match(text, /The answer did not come from Clerk\./);
    assert.match(text, /not there after some minutes, no link exists/);
    assert.doesNotMatch(text, /No link was created/);
    for (const part of ["Application Logs", "sign_in_token.created", USER, "1, 7 or 30 days"])
      assert.ok(text.includes(part), text);
    const another = on.button("Create another link");
    assert.doesNotMatch((await another.getAttribute("class")) ?? "", /primary/);
    await on.userField.press("Enter");
    await page.getByText("the user will have two").waitFor();
    assert.equal(await on.focused(), "Cancel");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal((await tokens()).length, 1);
    await on.userField.fill(OTHER);
    await on.button("Create link").click();
    await on.heading("Link created").waitFor();
    assert.deepEqual(await users(), [USER, OTHER]);
  });

  test("does not settle an unknown outcome before it", async () => {
    await site.control.fault(NOT_HERE);
    await on.create(USER);
    await on.alert("A link may have been created").waitFor();
    await site.control.fault(NOT_FOUND);
    await on.button("Create another link").click();
    await on.confirm("Create another link");
    await on.alert("Clerk found nothing with this ID").waitFor();
    assert.equal(await on.alert("A link may have been created").count(), 1);
    await on.button("Create another link").click();
    await on.confirm("Create another link");
    await on.heading("Link created").waitFor();
    await on.button("Create another").click();
    await on.heading("New link").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  test("from Clerk ends no session, and a refused key says whom to ask", async () => {
    const body = refusal("Not this way", "session_required");
    await site.control.fault({ operation: "create", status: 422, body });
    await on.create(USER);
    await on.alert("Not this way").waitFor();
    await site.control.fault({ operation: "create", status: 401, body: { errors: [] } });
    await on.button("Try again").click();
    const refused = await on.alert("does not accept the secret key").innerText();
    assert.match(refused, /CLERK_SECRET_KEY/);
    await on.button("Try again").click();
    await on.heading("Link created").waitFor();
  });

  test("in the form appears before a request", async () => {
    for (const [given, said] of [
      ["", "Enter a user."],
      ["anna@example.com", "Choose a user from the list."],
      [ORGANIZATION, "That is an organization ID."],
    ]) {
      await on.create(given);
      await page.getByText(said).waitFor();
      assert.equal(await on.focused(), "User");
    }
    const requests = await site.control.requests();
    assert.ok(requests.every(({ operation }) => operation !== "create"));
  });

  test("in the lifetime appears before a request; none over the maximum is offered", async () => {
    await openWith({ maxLifetimeSeconds: 7200 });
    await page.getByLabel("1 hour").waitFor();
    assert.equal(await page.getByLabel("1 day").count(), 0);
    await page.getByLabel("Custom").check();
    await page.getByLabel("Unit").selectOption("hours");
    for (const [amount, said] of [
      ["1.5", "Enter a whole number, 1 or more."],
      ["3", "Enter 2 h or less. This deployment allows no more."],
    ]) {
      await page.getByLabel("Amount").fill(amount);
      await on.create(USER);
      await page.getByText(said).waitFor();
    }
    await page.getByLabel("Amount").fill("2");
    await on.created(USER);
    assert.equal((await tokens()).length, 1);
  });
});
