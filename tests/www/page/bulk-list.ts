// Tests lists on the admin page in Chromium, from the upload to the CSV with the links. How rows
// are read is tested in tests/lists.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe } from "node:test";

import { holdAfter } from "../../support/hold-after.ts";
import { USER, userIds } from "../on-page.ts";
import { on, page, site, testIn, tokens } from "./per-test.ts";

const test = testIn("Bulk");

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/lists/${name}`, import.meta.url));

/** What the page says of a file, in an alert or beside the list. */
const SAID: [name: string, content: string | Buffer, said: string | RegExp][] = [
  ["empty.csv", "", "This list has no user IDs of Clerk’s."],
  ["book.xlsx", fixture("excel.xlsx"), /an Excel workbook or a ZIP archive: open it and save it/],
  ["names.csv", "user_id,name\n", "This list has no user IDs of Clerk’s."],
  ["ansi.csv", fixture("excel-ansi.csv"), "it was read as windows-1252"],
  ["image.png", "\u00890PNG", "This list has no user IDs of Clerk’s."],
  ["open.csv", `user_id,name\n${USER},"Anna\n`, /^Line 2: a quote is not closed[^:]*\.$/],
];

describe("a list", () => {
  test("has a preview, and a result for each line", async () => {
    const list = "\uFEFFuser_1\r\n\r\nuser_2\r\nno id\r\nuser_1\r\n";
    await on.listField.fill(list);
    const preview = await page.getByRole("region", { name: "List preview" }).innerText();
    assert.match(preview, /2 users, 1 blank line\s+2 lines will be skipped/);
    assert.match(preview, /Line 4: not a user ID: those begin with user_ \(no id\)\./);
    await on.startRun(list);
    await on.finished();
    const { rows } = await on.downloaded("Download CSV");
    assert.deepEqual(
      rows.map(({ line, user_id, state }) => [line, user_id, state]),
      [
        ["1", "user_1", "created"],
        ["3", "user_2", "created"],
        ["4", "no id", "not_usable"],
        ["5", "user_1", "not_usable"],
      ],
    );
  });

  test("can be Clerk's own export, and keeps its other columns", async () => {
    const accepted = await page.getByLabel(/Choose a file/).getAttribute("accept");
    assert.match(accepted ?? "", /\.csv.*\.ndjson.*\.jsonl/);
    const [anna, bert] = userIds(2);
    const users = [`${anna},Anna,$2a$10$x,anna@example.com`, `${bert},Bert,,bert@example.com`];
    const names = "id,first_name,password_digest,primary_email_address";
    await on.chooseFile("clerk-export.csv", [names, ...users, ""].join("\n"));
    await page.getByText("clerk-export.csv").waitFor();
    assert.doesNotMatch(await page.innerText("main"), /No file chosen/);
    await page.getByText("Left out of the result").waitFor();
    await on.button("Create 2 links").click();
    await on.finished();
    await page.getByRole("row", { name: `anna@example.com ${anna}` }).waitFor();
    const { rows, name, text } = await on.downloaded("Download CSV");
    assert.equal(name, "sign-in-links.csv");
    assert.deepEqual(
      rows.map(({ id, first_name, primary_email_address: email }) => [id, first_name, email]),
      [
        [anna, "Anna", "anna@example.com"],
        [bert, "Bert", "bert@example.com"],
      ],
    );
    // Those of a run are made in any order.
    const made = new Map((await tokens()).map((token) => [token.user_id, token]));
    assert.equal(made.size, 2);
    for (const { id, token_id, url } of rows)
      assert.deepEqual([token_id, url], [made.get(id)?.id, made.get(id)?.url]);
    assert.ok(!text.includes("$2a$10$"));
  });

  test("can be dropped anywhere", async () => {
    await on.goTo("New link");
    assert.ok(await on.dropFile("dropped.csv", `${USER}\n`));
    await page.getByText("dropped.csv").waitFor();
    await on.button("Create 1 link").waitFor();
  });

  test("that cannot be used, or only after a guess, says so", async () => {
    for (const [name, content, said] of SAID) {
      await on.chooseFile(name, content);
      await page.getByText(name, { exact: true }).waitFor();
      await page.getByText(said).first().waitFor();
      if (typeof content === "string" && !content.includes(USER)) {
        await on.alert(said).waitFor();
        assert.equal(await page.locator(".preview .lucide-circle-check").count(), 0, name);
        await on.button("Create links").click();
      }
      await on.button("Remove").click();
      await page.getByText(name, { exact: true }).waitFor({ state: "detached" });
    }
    assert.equal((await site.control.requests()).length, 0);
  });

  test("and a lifetime are required; there is a template", async () => {
    await on.button("Create links").click();
    await page.getByText("Add at least one user ID.").waitFor();
    await on.listField.fill(USER);
    await page.getByLabel("Custom").check();
    await page.getByLabel("Amount").fill("1.5");
    await on.button("Create 1 link").click();
    await page.getByText("Enter a whole number, 1 or more.").waitFor();
    assert.equal((await site.control.requests()).length, 0);
    const { header } = await on.downloaded("Download a template");
    assert.deepEqual(header, ["user_id", "org_id", "email"]);
  });

  test("of 100,000 lines stays usable", async () => {
    await holdAfter(20, site.control);
    await on.chooseFile("large.csv", userIds(100_000).join("\n"));
    await on.button("Create 100,000 links").click();
    await page.getByText(/1 to 25 of 100,000/).waitFor();
    await on.button("Next").click();
    await page.getByText(/26 to 50 of 100,000/).waitFor();
    await on.progressed(20);
    await on.button("Sending 20").waitFor();
    await on.button("Cancel").click();
    await on.button("Stopping…").waitFor();
    await site.control.release();
    await on.finished({ Created: 40 }, "Run cancelled");
    const { rows } = await on.downloaded("Download CSV");
    assert.equal(rows.length, 100_000);
    const made = rows.filter(({ state }) => state === "created");
    assert.deepEqual([made.length, (await tokens()).length], [40, 40]);
  });
});
