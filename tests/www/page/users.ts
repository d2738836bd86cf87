// Tests the search for users on the admin page in Chromium.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { OTHER, typeAtOnce, USER } from "../on-page.ts";
import { on, openWith, page, testIn, tokens } from "./per-test.ts";

const test = testIn("New link");

const option = (name: string) => page.getByRole("option", { name });
const card = () => page.locator(".user-field > .user-card");

describe("a user", () => {
  test("is found by an address or a name, and shown before the link is created", async () => {
    await on.userField.fill("anna");
    await option("Anna Lindqvist").waitFor();
    assert.equal(await page.getByRole("option").count(), 2);
    await on.userField.fill("anna.lindquist@");
    await option("Anna Lindqvist").waitFor({ state: "detached" });
    await option("Anna Lindquist").click();
    assert.equal(await on.userField.inputValue(), OTHER);
    assert.match(
      await card().innerText(),
      new RegExp(`AL\\s+Anna Lindquist\\s+anna\\.lindquist@example\\.com\\s+${OTHER}`),
    );
    await on.button("Create link").click();
    await on.heading("Link created").waitFor();
    await page.getByText("Anna Lindquist, anna.lindquist@example.com").waitFor();
    assert.equal((await tokens())[0].user_id, OTHER);
  });

  test("is chosen by keyboard alone", async () => {
    assert.equal(await on.focused(), "User");
    await page.keyboard.type("anna");
    await option("Anna Lindqvist").waitFor();
    const combobox = page.getByRole("combobox", { name: "User" });
    assert.equal(await combobox.getAttribute("aria-expanded"), "true");
    for (const key of ["ArrowDown", "ArrowDown", "ArrowUp"]) await page.keyboard.press(key);
    const active = page.locator(`[id="${await combobox.getAttribute("aria-activedescendant")}"]`);
    assert.match(await active.innerText(), /Anna Lindqvist/);
    assert.equal(await active.getAttribute("aria-selected"), "true");
    await page.keyboard.press("Enter");
    await card().getByText("Anna Lindqvist").waitFor();
    assert.deepEqual([await on.userField.inputValue(), await on.focused()], [USER, "User"]);
    assert.equal((await tokens()).length, 0, "the Enter chose, and did not create");
    await on.userField.fill("jonas");
    await option("Jonas").waitFor();
    await page.keyboard.press("Escape");
    await option("Jonas").waitFor({ state: "hidden" });
    await page.keyboard.press("Enter");
    await page.getByText("Choose a user from the list.").waitFor();
    assert.equal((await tokens()).length, 0);
  });

  test("is shown for an ID, and for the address of a page in the Dashboard", async () => {
    await on.userField.fill(USER);
    await card().getByText("Anna Lindqvist").waitFor();
    await on.userField.fill(
      `https://dashboard.clerk.com/apps/app_2x/instances/ins_2x/users/${OTHER}`,
    );
    assert.equal(await on.userField.inputValue(), OTHER);
    await card().getByText("Anna Lindquist").waitFor();
  });

  test("that is not found is said, and an ID still makes a link", async () => {
    await on.userField.fill("nobody at all");
    await page.getByText("No user was found.").waitFor();
    await page.route("**/users", (route) => route.fulfill({ status: 500, body: "down" }));
    await on.userField.fill(USER);
    await page.getByText("The edge function did not answer.").waitFor();
    await on.created(USER);
  });

  test("is searched for once per pause in typing, and not in the address", async () => {
    const asked: (string | null)[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).pathname === "/users") asked.push(request.postData());
    });
    await typeAtOnce(on.userField, "jonas");
    await option("Jonas").waitFor();
    assert.deepEqual(asked, [JSON.stringify({ query: "jonas" })]);
  });

  test("is asked for by ID alone where the Worker has no search", async () => {
    await openWith({ userLookup: false });
    const field = page.getByLabel("User ID", { exact: true });
    await field.fill("anna@example.com");
    await on.button("Create link").click();
    await page.getByText("That is an email address.").waitFor();
    assert.equal(await field.getAttribute("role"), null);
  });
});
