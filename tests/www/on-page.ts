// Actions on the admin page that its tests share, by visible labels.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import type { Locator, Page } from "playwright-core";

/** As long as Clerk's own. */
export const USER = "user_2abcDEFghiJKLmnoPQRstuVWXyz";
export const OTHER = "user_2zyxWVUtsrQPOnmlKJIhgfEDCba";
export const ORGANIZATION = "org_2abcDEFghiJKLmnoPQRstuVWXyzA";

/** Different IDs, as long as Clerk's own. */
export const userIds = (count: number) =>
  Array.from(
    { length: count },
    (_, n) => `user_2abcDEFghiJKLmnoPQRst${String(n).padStart(6, "0")}`,
  );

/** The answer of Clerk that refuses a request with a sentence. */
export const refusal = (message: string, code = "x") => ({
  errors: [{ code, message: "no", long_message: message }],
});

export const button = (within: Page | Locator, name: string) =>
  within.getByRole("button", { name, exact: true });
export const heading = (page: Page, name: string) => page.getByRole("heading", { name });
/** The field for the user, which is a search unless the Worker says that it is off. */
export const userField = (page: Page) => page.getByLabel("User", { exact: true });
/** The field for a list. */
export const listField = (page: Page) => page.getByLabel("User IDs", { exact: true });
export const alert = (page: Page, text: string | RegExp) =>
  page.getByRole("alert").filter({ hasText: text }).first();

export async function create(page: Page, userId: string) {
  await userField(page).fill(userId);
  await page
    .getByRole("button", { name: /^(Create link|Create another link|Ask again|Try again)$/ })
    .click();
}

/**
 * Types into a field, then presses a key if there is one, without a pause that the page could take
 * for the end of typing.
 */
export function typeAtOnce(field: Locator, text: string, key?: string) {
  return field.evaluate(
    (input: HTMLInputElement, [text, key]) => {
      for (let end = 1; end <= text.length; end++) {
        input.value = text.slice(0, end);
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
      if (key) input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    },
    [text, key] as const,
  );
}

/** Creates a link and waits for it. */
export async function created(page: Page, userId: string) {
  await create(page, userId);
  await heading(page, "Link created").waitFor();
}

export async function confirm(page: Page, action: string) {
  await page.getByRole("dialog").getByRole("button", { name: action }).click();
}

export const inClipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** Copies the link and returns it. The button says so for a moment: the wait starts before. */
export async function copied(page: Page) {
  await Promise.all([button(page, "Copied").waitFor(), button(page, "Copy link").click()]);
  return inClipboard(page);
}

/** Opens a view and waits until it is shown, because it takes the focus. */
export async function goTo(page: Page, view: string) {
  const link = page.getByRole("navigation").getByRole("link", { name: view });
  await link.click();
  await link.and(page.locator("[aria-current=page]")).waitFor();
}

export async function chooseFile(page: Page, name: string, content: string | Buffer) {
  const file = { name, mimeType: "text/csv", buffer: Buffer.from(content) };
  await page.getByLabel(/Choose a file/).setInputFiles(file);
}

/** Drops a file on the page's header. Returns whether the page takes it. */
export function dropFile(page: Page, name: string, content: string) {
  return page.locator("header").evaluate(
    (header, [name, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], name, { type: "text/csv" }));
      const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
      return !header.dispatchEvent(drop);
    },
    [name, content],
  );
}

/** Fills in the list and starts the run. */
export async function startRun(page: Page, list: string) {
  await goTo(page, "Bulk");
  await listField(page).fill(list);
  await page.getByRole("button", { name: /^Create [\d,]+ links?$/ }).click();
}

/** Waits until so many rows of a run are finished. */
export const progressed = (page: Page, rows: number) =>
  page.waitForFunction((rows) => document.querySelector("progress")?.value === rows, rows);

/**
 * Waits for the end of a run and its `counts`, by status. For work on a run that had ended before,
 * give those that the work changes: until it starts, the page shows the end before it.
 */
export async function finished(
  page: Page,
  counts: Record<string, number> = {},
  title = "Run finished",
) {
  for (const [status, count] of Object.entries(counts))
    await button(page, `${status} ${count.toLocaleString("en")}`).waitFor();
  await heading(page, title).waitFor({ timeout: 30_000 });
  for (const [status, expected] of Object.entries(counts))
    assert.equal(await count(page, status), expected, status);
}

/** Returns how many rows of a run have a status, as its filter shows. */
export async function count(page: Page, status: string) {
  const text = await page
    .getByRole("button", { name: new RegExp(`^${status} [\\d,]+$`) })
    .innerText();
  return Number(text.replace(/\D/g, ""));
}

/** The lines of the CSV that a button downloads, each cut at its commas. */
export async function downloaded(page: Page, name: string) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name }).click(),
  ]);
  const text = (await readFile(await download.path(), "utf8")).replace(/^\uFEFF/, "");
  const [header, ...rows] = text.split("\r\n").map((line) => line.split(","));
  const asObject = (row: string[]) =>
    Object.fromEntries(header.map((name, at): [string, string] => [name, row[at]]));
  return { text, header, rows: rows.map(asObject), name: download.suggestedFilename() };
}

/** Returns what has the focus: a control's name, a heading's text, or else the tag. */
export function focused(page: Page) {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement;
    if (!element.matches("a, button, input, select, textarea, h1, h2"))
      return element.tagName.toLowerCase();
    return (element.ariaLabel ?? element.labels?.[0]?.innerText ?? element.innerText).trim();
  });
}

/** Notes the texts that an element shows from now on, however briefly. Returns what gives them. */
export async function noteTexts(page: Page, selector: string) {
  const notes = await page.evaluateHandle((selector) => {
    const texts: string[] = [];
    new MutationObserver(() => {
      const text = document.querySelector(selector)?.textContent.trim();
      if (text && text !== texts.at(-1)) texts.push(text);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    return texts;
  }, selector);
  return () => notes.jsonValue();
}

/** Closes a page, which makes the browser ask. Stays on the page. */
export async function asksBeforeClosing(page: Page) {
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
}
