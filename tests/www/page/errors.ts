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
  refusal,
  USER,
  userField,
} from "../on-page.ts";
import { page, site, testIn, tokens } from "./per-test.ts";

const test = testIn("New link");
/** The clock belongs to the context. */
const testWithClock = testIn("New link");

const users = async () => (await tokens()).map(({ user_id: user }) => user);

/** A create that takes effect, and whose answer is a proxy's. */
const DOWN = { operation: "create", status: 503, body: "<h1>down</h1>", effect: true } as const;
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
    await create(page, OTHER);
    const text = await alert(page, "Clerk found nothing with this ID").innerText();
    assert.match(
      text,
      /No user was found\. No link was created\.\s+Trace ID, .*: 0123456789abcdef/,
    );
    const sentences = text.split(/(?<=[.!?])\s+|\n+/).filter(Boolean);
    assert.equal(new Set(sentences).size, sentences.length, text);
    await userField(page).fill(USER);
    await button(page, "Try again").click();
    await heading(page, "Link created").waitFor();
    assert.deepEqual(await users(), [USER]);
  });

  testWithClock("counts down to the end of a rate limit", async () => {
    await page.clock.install();
    const limited = { status: 429, headers: { "retry-after": "30" }, body: { errors: [] } };
    await site.control.fault({ operation: "create", ...limited });
    await create(page, USER);
    await page.getByRole("button", { name: /^Try again in \d\d? s$/ }).waitFor();
    await page.clock.fastForward(30_000);
    await button(page, "Try again").click();
    await heading(page, "Link created").waitFor();
  });

  test("a proxy's refusal is no proof that there is no link", async () => {
    await site.control.fault({ ...DOWN, status: 404 });
    await create(page, USER);
    const text = await alert(page, "A link may have been created").innerText();
    assert.match(text, /The answer did not come from Clerk\./);
    assert.doesNotMatch(text, /No link was created/);
    assert.match(text, /not there after some minutes, no link exists/);
  });

  test("with an unknown outcome says where to look, and Enter makes no second link", async () => {
    await site.control.fault(DOWN);
    await create(page, USER);
    const text = await alert(page, "A link may have been created").innerText();
    for (const part of ["Application Logs", "sign_in_token.created", USER, "1, 7 or 30 days"])
      assert.ok(text.includes(part), text);
    const another = button(page, "Create another link");
    assert.doesNotMatch((await another.getAttribute("class")) ?? "", /primary/);
    await userField(page).press("Enter");
    await page.getByText("the user will have two").waitFor();
    assert.equal(await focused(page), "Cancel");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal((await tokens()).length, 1);
    await userField(page).fill(OTHER);
    await button(page, "Create link").click();
    await heading(page, "Link created").waitFor();
    assert.deepEqual((await users()).sort(), [USER, OTHER].sort());
  });

  test("does not settle an unknown outcome before it", async () => {
    await site.control.fault(DOWN);
    await create(page, USER);
    await alert(page, "A link may have been created").waitFor();
    await site.control.fault(NOT_FOUND);
    await button(page, "Create another link").click();
    await confirm(page, "Create another link");
    await alert(page, "Clerk found nothing with this ID").waitFor();
    assert.equal(await alert(page, "A link may have been created").count(), 1);
    await button(page, "Create another link").click();
    await confirm(page, "Create another link");
    await heading(page, "Link created").waitFor();
    await button(page, "Create another").click();
    await heading(page, "New link").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  test("from Clerk ends no session, and a refused key says whom to ask", async () => {
    const body = refusal("Not this way", "session_required");
    await site.control.fault({ operation: "create", status: 422, body });
    await create(page, USER);
    await alert(page, "Not this way").waitFor();
    await site.control.fault({ operation: "create", status: 401, body: { errors: [] } });
    await button(page, "Try again").click();
    const refused = await alert(page, "does not accept the secret key").innerText();
    assert.match(refused, /CLERK_SECRET_KEY/);
    await button(page, "Try again").click();
    await heading(page, "Link created").waitFor();
  });

  test("in the form appears before a request", async () => {
    for (const [given, said] of [
      ["", "Enter a user."],
      ["anna@example.com", "Choose a user from the list."],
      [ORGANIZATION, "That is an organization ID."],
    ]) {
      await create(page, given);
      await page.getByText(said).waitFor();
      assert.equal(await focused(page), "User");
    }
    const requests = await site.control.requests();
    assert.ok(requests.every(({ operation }) => operation !== "create"));
  });
});
