// Tests lists on the admin page in Chromium, from the upload to the CSV with the links.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe } from "node:test";

import { alert, button, downloaded, goTo, heading, startRun, USER, userIds } from "../on-page.js";
import { pagePerTest } from "./page-per-test.js";

const chooseFile = (name, content) =>
  page
    .getByLabel(/Choose a file/)
    .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });

let site, page;
const { finished, test, tokens } = pagePerTest("#bulk", (opened) => ({ site, page } = opened));

describe("a list", () => {
  test("has a preview, and a result for each line", async () => {
    const list = "\uFEFFuser_1\r\n\r\nuser_2\r\nno id\r\nuser_1\r\n";
    await page.getByLabel("User IDs", { exact: true }).fill(list);
    const preview = await page.getByRole("region", { name: "List preview" }).innerText();
    assert.match(preview, /2 users, 1 blank line\s+2 lines will be skipped/);
    assert.match(preview, /Line 4: not a user ID: those begin with user_ \(no id\)\./);
    await startRun(page, list);
    await finished();
    const { rows } = await downloaded(page, "Download CSV");
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
    const [anna, bert] = userIds(2);
    await chooseFile(
      "clerk-export.csv",
      `id,first_name,password_digest,primary_email_address\n${anna},Anna,$2a$10$x,anna@example.com\n${bert},Bert,,bert@example.com\n`,
    );
    await page.getByText("clerk-export.csv").waitFor();
    assert.doesNotMatch(await page.innerText("main"), /No file chosen/);
    await page.getByText("Left out of the result").waitFor();
    await button(page, "Create 2 links").click();
    await finished();
    const { rows, name, text } = await downloaded(page, "Download CSV");
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
      assert.deepEqual([token_id, url], [made.get(id).id, made.get(id).url]);
    assert.ok(!text.includes("$2a$10$"));
  });

  test("can be one JSON object per line", async () => {
    const input = page.getByLabel(/Choose a file/);
    const accepted = (await input.getAttribute("accept")).split(",");
    assert.ok([".ndjson", ".jsonl"].every((ending) => accepted.includes(ending)));
    const [anna, bert] = userIds(2);
    await chooseFile("users.ndjson", `{"id":"${anna}","name":"Anna"}\n{"id":"${bert}"}\n`);
    await button(page, "Create 2 links").click();
    await finished();
    const { rows } = await downloaded(page, "Download CSV");
    assert.deepEqual(
      rows.map(({ id, name, state }) => [id, name, state]),
      [
        [anna, "Anna", "created"],
        [bert, "", "created"],
      ],
    );
  });

  test("can be a file of Excel's in any of its encodings, and says what was guessed", async () => {
    const fixture = (name) =>
      readFileSync(new URL(`../../fixtures/lists/${name}`, import.meta.url));
    await chooseFile("unicode.txt", fixture("excel-unicode.txt"));
    await button(page, "Create 2 links").waitFor();
    await button(page, "Remove").click();
    await chooseFile("ansi.csv", fixture("excel-ansi.csv"));
    await page.getByText("it was read as windows-1252").waitFor();
    await button(page, "Remove").click();
    await chooseFile("book.xlsx", fixture("excel.xlsx"));
    await page
      .getByText(/an Excel workbook or a ZIP archive: open it and save it as CSV/)
      .waitFor();
  });

  test("cannot put a formula beside the links", async () => {
    await chooseFile("list.csv", `user_id,note\n${USER},"=HYPERLINK(""http://evil"")\nx"\n`);
    await button(page, "Create 1 link").click();
    await finished();
    const { text } = await downloaded(page, "Download CSV");
    assert.ok(text.includes(`"'=HYPERLINK(""http://evil"")\nx"`), text);
  });

  test("can be dropped anywhere", async () => {
    await goTo(page, "New link");
    const isHandled = await page.evaluate((id) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([`${id}\n`], "dropped.csv", { type: "text/csv" }));
      const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
      return !document.querySelector("header").dispatchEvent(drop);
    }, USER);
    assert.ok(isHandled);
    await page.getByText("dropped.csv").waitFor();
    await button(page, "Create 1 link").waitFor();
  });

  test("keeps its separator, its quotes and its phone numbers", async () => {
    const cells = `"${USER}";"Lindqvist, Anna";"+49 30 123-45"`;
    await chooseFile("list.csv", `"user_id";"name";"phone"\r\n${cells}\r\n`);
    await button(page, "Create 1 link").click();
    await finished();
    await page.getByRole("row", { name: "Lindqvist, Anna" }).waitFor();
    const { text } = await downloaded(page, "Download CSV");
    const [header, row] = text.split("\r\n");
    assert.ok(header.startsWith(`"name";"phone";"line";"user_id";`), header);
    assert.ok(row.startsWith(`"Lindqvist, Anna";"+49 30 123-45";"2";"${USER}";"created";`), row);
  });

  test("can be users in one line", async () => {
    await page.getByLabel("User IDs", { exact: true }).fill("user_1, user_2");
    await button(page, "Create 2 links").waitFor();
  });

  for (const [name, content, said] of [
    ["empty.csv", "", "This list has no user IDs of Clerk’s."],
    ["names.csv", "user_id,name\n", "This list has no user IDs of Clerk’s."],
    ["book.xlsx", "PK\u0003\u0004", "It is an Excel workbook or a ZIP archive: open it and save"],
    ["image.png", "\u00890PNG", "This list has no user IDs of Clerk’s."],
  ])
    test(`without users says so: ${name}`, async () => {
      await chooseFile(name, content);
      await alert(page, said).waitFor();
      assert.equal(await page.locator(".preview .lucide-circle-check").count(), 0);
      await button(page, "Create links").click();
      assert.equal((await site.control.requests()).length, 0);
    });

  test("with an open quote is explained in a sentence", async () => {
    await chooseFile("list.csv", `user_id,name\n${USER},"Anna\n`);
    await page.getByText(/^Line 2: a quote is not closed[^:]*\.$/).waitFor();
  });

  test("is required", async () => {
    await button(page, "Create links").click();
    await page.getByText("Add at least one user ID.").waitFor();
  });

  test("has a template", async () => {
    const { header } = await downloaded(page, "Download a template");
    assert.deepEqual(header, ["user_id", "org_id", "email"]);
  });

  test("of 100,000 lines stays usable", async () => {
    await chooseFile("large.csv", userIds(100_000).join("\n"));
    await button(page, "Create 100,000 links").click();
    await heading(page, "Creating links").waitFor();
    await page.getByText(/1 to 25 of 100,000/).waitFor();
    await button(page, "Next").click();
    await page.getByText(/26 to 50 of 100,000/).waitFor();
    await button(page, "Cancel").click();
    await heading(page, "Run cancelled").waitFor();
    const { rows } = await downloaded(page, "Download CSV");
    assert.equal(rows.length, 100_000);
    const made = rows.filter(({ state }) => state === "created");
    assert.equal(made.length, (await tokens()).length);
  });
});
