// Tests the errors of one link on the admin page in Chromium: what they say, and what follows.
import assert from "node:assert/strict";
import { describe } from "node:test";

import {
  alert,
  button,
  confirm,
  create,
  focused,
  heading,
  ORGANIZATION,
  OTHER,
  USER,
  userField,
} from "../on-page.js";
import { pagePerTest } from "./page-per-test.js";

let site, page;
const { test, tokens } = pagePerTest("", (opened) => ({ site, page } = opened));

/** A create that takes effect, and whose answer is a proxy's. */
const DOWN = { operation: "create", status: 503, body: "<h1>down</h1>", effect: true };
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

describe("an error", () => {
  test("is retried with the current form", async () => {
    await site.control.fault(notFound);
    await create(page, OTHER);
    await alert(page, "Clerk found nothing with this ID").waitFor();
    await userField(page).fill(USER);
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
    const text = await alert(page, "Clerk found nothing with this ID").innerText();
    assert.match(
      text,
      /No user was found\. No link was created\.\s+Trace ID, .*: 0123456789abcdef/,
    );
    const sentences = text.split(/(?<=[.!?])\s+|\n+/).filter(Boolean);
    assert.equal(new Set(sentences).size, sentences.length, text);
  });

  test("counts down to the end of a rate limit", async () => {
    await site.control.fault({
      operation: "create",
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
    await site.control.fault(DOWN);
    await create(page, USER);
    const text = await alert(page, "A link may have been created").innerText();
    for (const part of ["Application Logs", "sign_in_token.created", USER, "1, 7 or 30 days"])
      assert.ok(text.includes(part), text);
    await button(page, "Create another link").waitFor();
  });

  test("a proxy's refusal is no proof that there is no link", async () => {
    await site.control.fault({
      operation: "create",
      status: 404,
      body: "<h1>Not here</h1>",
      effect: true,
    });
    await create(page, USER);
    const text = await alert(page, "A link may have been created").innerText();
    assert.match(text, /The answer did not come from Clerk\./);
    assert.doesNotMatch(text, /No link was created/);
    assert.match(text, /not there after some minutes, no link exists/);
  });

  test("with an unknown outcome makes no second link by Enter or the loudest button", async () => {
    await site.control.fault(DOWN);
    await create(page, USER);
    await alert(page, "A link may have been created").waitFor();
    assert.doesNotMatch(
      (await button(page, "Create another link").getAttribute("class")) ?? "",
      /primary/,
    );
    await userField(page).press("Enter");
    await page.getByText("the user will have two").waitFor();
    assert.equal(await focused(page), "Cancel");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal((await tokens()).length, 1);
    await userField(page).fill(OTHER);
    await button(page, "Create link").click();
    await heading(page, "Link created").waitFor();
  });

  test("does not settle an unknown outcome before it", async () => {
    await site.control.fault(DOWN);
    await create(page, USER);
    await alert(page, "A link may have been created").waitFor();
    await site.control.fault(notFound);
    await button(page, "Create another link").click();
    await confirm(page, "Create another link");
    await alert(page, "Clerk found nothing with this ID").waitFor();
    await alert(page, "A link may have been created").waitFor();
    await button(page, "Create another link").click();
    await confirm(page, "Create another link");
    await heading(page, "Link created").waitFor();
    await button(page, "Create another").click();
    await heading(page, "New link").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  test("of Clerk's ends no session, whatever its code", async () => {
    const errors = [{ code: "session_required", message: "m", long_message: "Not this way" }];
    await site.control.fault({ operation: "create", status: 422, body: { errors } });
    await create(page, USER);
    await alert(page, "Not this way").waitFor();
    await button(page, "Try again").click();
    await heading(page, "Link created").waitFor();
  });

  test("tells whom to ask about a refused key", async () => {
    await site.control.fault({ operation: "create", status: 401, body: { errors: [] } });
    await create(page, USER);
    assert.match(
      await alert(page, "does not accept the secret key").innerText(),
      /CLERK_SECRET_KEY/,
    );
  });

  for (const [given, said] of [
    ["", "Enter a user."],
    ["anna@example.com", "Choose a user from the list."],
    [ORGANIZATION, "That is an organization ID."],
  ]) {
    test(`appears before a request: "${given}"`, async () => {
      await create(page, given);
      await page.getByText(said).waitFor();
      assert.equal(await focused(page), "User");
      const requests = await site.control.requests();
      assert.ok(requests.every(({ operation }) => operation !== "create"));
    });
  }
});
