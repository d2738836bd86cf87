// Tests the History view in Chromium, with and without a database.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import type { Page, Request } from "playwright-core";

import { SECRET_KEY } from "../../emulator/server.ts";
import { installed } from "../support/app.ts";
import { useBrowser } from "../support/browser.ts";
import { loggedInCookies, type Site, startSite } from "../support/site.ts";
import { OnPage, OTHER, typeAtOnce, USER, userIds } from "./on-page.ts";

let site: Site;
let page: Page;
let on: OnPage;

const chromium = useBrowser();

const ROWS = "tbody tr:not(.details, .day)";
const rows = () => page.locator(ROWS);

/** Waits until so many rows are shown: another number than before. */
const shown = (count: number) =>
  page.waitForFunction(([rows, count]) => document.querySelectorAll(rows).length === count, [
    ROWS,
    count,
  ] as const);
const search = (text: string) => page.getByRole("searchbox").fill(text);

for (const [place, said] of [
  ["database", "Stored in this deployment’s database."],
  ["tab", "Stored in this tab until you close it."],
]) {
  describe(`a history in the ${place}`, () => {
    before(async () => {
      site = await startSite({}, { database: place === "database" });
      const cookies = await loggedInCookies(site);
      const permissions = ["clipboard-read", "clipboard-write"];
      page = await chromium.open(site.url, { cookies, permissions });
      on = new OnPage(page);
    });
    after(async () => {
      await chromium.close(page);
      await site.stop();
    });

    test("says where it is stored, and lists the operations", async () => {
      for (const [userId, reason] of [
        [USER, "TICKET-1"],
        [OTHER, "TICKET-2"],
      ]) {
        await page.getByLabel(/Reason/).fill(reason);
        await on.created(userId);
        await on.button("Create another").click();
      }
      await site.control.fault({ operation: "create", drop: "answer" });
      await on.create(USER);
      await on.heading("A link may have been created").waitFor();
      await on.goTo("History");
      await page.getByText(said).waitFor();
      await shown(3);
      const texts = await rows().allInnerTexts();
      assert.match(texts[0], new RegExp(`admin[^]*Create[^]*${USER}[^]*Unknown`));
      assert.match(texts[1], new RegExp(`Create[^]*${OTHER}[^]*TICKET-2[^]*Active[^]*until`));
    });

    test("can be filtered by state", async () => {
      await on.button("Unknown").click();
      await shown(1);
      await on.button("All").click();
      await shown(3);
    });

    test("sends one search per pause in typing, and at once on Enter", async () => {
      const texts: (string | null)[] = [];
      const note = (request: Request) => {
        const { pathname, searchParams } = new URL(request.url());
        if (pathname === "/history") texts.push(searchParams.get("search"));
      };
      page.on("request", note);
      await typeAtOnce(page.getByRole("searchbox"), "ticket-1");
      await shown(1);
      await typeAtOnce(page.getByRole("searchbox"), "ticket-2", "Enter");
      await page.getByText("TICKET-2").first().waitFor();
      await search("");
      await shown(3);
      page.off("request", note);
      assert.deepEqual(texts, place === "database" ? ["ticket-1", "ticket-2", null] : []);
    });

    test("folds the details, and never contains the link", async () => {
      const [, { id }] = await site.control.tokens();
      await rows().nth(1).getByRole("button", { name: "Details" }).click();
      const details = await page.locator("tr.details").innerText();
      for (const part of [id, "1 h", "admin", "-EMU"]) assert.ok(details.includes(part), details);
      const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
      const seen = kept + (await page.content());
      const parts = (await site.control.tokens()).flatMap(({ token }) => token.split("."));
      for (const secret of ["ticket=", ...parts]) assert.ok(!seen.includes(secret), secret);
      // The tab still has the link itself.
      assert.ok((await on.copied()).includes("ticket="));
    });

    test("revokes a link, and keeps the focus", async () => {
      await on.button(`Revoke the link for ${OTHER}`).click();
      await on.confirm("Revoke link");
      await shown(4);
      const texts = await rows().allInnerTexts();
      assert.match(texts[0], new RegExp(`Revoke[^]*${OTHER}[^]*Revoked`));
      assert.notEqual(await on.focused(), "body");
      assert.equal((await site.control.tokens())[1].status, "revoked");
    });

    test("revokes a token that it does not list", async () => {
      const { SignInTokens } = await installed();
      const tokens = new SignInTokens({ secretKey: SECRET_KEY, apiUrl: site.emulator.url });
      const { id } = await tokens.create({ userId: USER });
      await on.button("Revoke by token ID").click();
      const revoke = page.getByRole("form", { name: "Revoke a link by its token ID" });
      await page.getByLabel("Token ID", { exact: true }).fill(USER);
      await revoke.getByRole("button", { name: "Revoke", exact: true }).click();
      await page.getByText("That is a user ID. A token ID starts with sit_.").waitFor();
      await page.getByLabel("Token ID", { exact: true }).fill(id);
      await page.keyboard.press("Enter");
      await on.confirm("Revoke link");
      await shown(5);
      assert.equal((await site.control.tokens()).at(-1)?.status, "revoked");
      await page.getByText(/The link was revoked\. Its token ID is sit_/).waitFor();
      await on.button("Revoke by token ID").click();
    });

    test("after a reload, has no link, and finds a run by its file or its ID", async () => {
      await on.goTo("Bulk");
      await on.chooseFile("march.csv", userIds(3).join("\n"));
      await on.button("Create 3 links").click();
      await on.finished({ Created: 3 });
      await on.button("Show in History").click();
      await shown(3);
      await Promise.all([
        page.waitForEvent("dialog").then((dialog) => dialog.accept()),
        page.reload(),
      ]);
      await shown(8);
      assert.equal(await on.button("Copy link").count(), 0);
      await on.button(`Revoke the link for ${USER}`).waitFor();
      await search("MARCH.csv");
      await shown(3);
      await search("");
      await shown(8);
      await rows().first().getByRole("button", { name: "Details" }).click();
      await on.button("Show this run").click();
      await shown(3);
      assert.match(await page.getByLabel("Run ID").inputValue(), /^[\da-f-]{36}$/);
    });

    test("is filtered by a day, and downloads what matches", async () => {
      const { header, rows: lines, name } = await on.downloaded("Download CSV");
      assert.equal(name, "sign-in-links-history.csv");
      assert.equal(header[0], "begunAt");
      assert.deepEqual(
        lines.slice(0, 3).map(({ state, fileName }) => [state, fileName]),
        Array(3).fill(["active", "march.csv"]),
      );
      const dayAfter = (days: number) => {
        const date = new Date();
        date.setDate(date.getDate() + days);
        // With year, month and day as a date field has them.
        return date.toLocaleDateString("sv");
      };
      const none = page.getByText("No entries match these filters.");
      for (const [label, outside] of [
        ["From", dayAfter(1)],
        ["Until", dayAfter(-1)],
      ]) {
        await page.getByLabel(label).fill(outside);
        await none.waitFor();
        await page.getByLabel(label).fill(dayAfter(0));
        await shown(3);
      }
    });

    test("revokes all that match, after a confirmation with their number", async () => {
      await on.button("Revoke all that match").click();
      await on.heading("Revoke 3 links?").waitFor();
      await on.decline();
      const active = async () =>
        (await site.control.tokens()).filter(({ status }) => status === "pending").length;
      const before = await active();
      await on.button("Revoke all that match").click();
      const reason = page.getByRole("dialog").getByLabel(/Reason/);
      await reason.fill("INCIDENT-7");
      await on.confirm("Revoke 3 links");
      await page.getByRole("main").getByText("3 of 3 links were revoked.").waitFor();
      assert.equal(await active(), before - 3);
      await on.button("Revoke all that match").waitFor({ state: "detached" });
      await on.button("Clear filters").click();
      await shown(11);
      await search("INCIDENT-7");
      await shown(3);
      assert.match(await rows().first().innerText(), /Revoke[^]*user_[^]*INCIDENT-7[^]*Revoked/);
    });
  });
}
