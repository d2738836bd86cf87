// Actions on the admin page that its tests share, by visible labels.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import Papa from "papaparse";
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

/** A fault: the rate limit is reached for so many seconds. */
export const limited = (seconds: number) =>
  ({
    operation: "create",
    status: 429,
    headers: { "retry-after": String(seconds) },
    body: { errors: [] },
  }) as const;

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

/** An open admin page. */
export class OnPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  button(name: string) {
    return this.page.getByRole("button", { name, exact: true });
  }

  heading(name: string) {
    return this.page.getByRole("heading", { name });
  }

  /** The field for the user, which is a search unless the Worker says that it is off. */
  get userField() {
    return this.page.getByLabel("User", { exact: true });
  }

  get listField() {
    return this.page.getByLabel("User IDs", { exact: true });
  }

  alert(text: string | RegExp) {
    return this.page.getByRole("alert").filter({ hasText: text }).first();
  }

  async create(userId: string) {
    await this.userField.fill(userId);
    await this.page
      .getByRole("button", { name: /^(Create link|Create another link|Ask again|Try again)$/ })
      .click();
  }

  /** Creates a link and waits for it. */
  async created(userId: string) {
    await this.create(userId);
    await this.heading("Link created").waitFor();
  }

  async confirm(action: string) {
    await this.page.getByRole("dialog").getByRole("button", { name: action }).click();
  }

  /** Answers no to the question. */
  async decline() {
    await this.page.keyboard.press("Escape");
    await this.page.getByRole("dialog").waitFor({ state: "detached" });
  }

  inClipboard() {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Copies the link and returns it. The button says so for a moment: the wait starts before. */
  async copied() {
    await Promise.all([this.button("Copied").waitFor(), this.button("Copy link").click()]);
    return this.inClipboard();
  }

  /** Opens a view and waits until it is shown, because it takes the focus. */
  async goTo(view: string) {
    const link = this.page.getByRole("navigation").getByRole("link", { name: view });
    await link.click();
    await link.and(this.page.locator("[aria-current=page]")).waitFor();
  }

  async chooseFile(name: string, content: string | Buffer) {
    const file = { name, mimeType: "text/csv", buffer: Buffer.from(content) };
    await this.page.getByLabel(/Choose a file/).setInputFiles(file);
  }

  /** Drops a file on the page's header. Returns whether the page takes it. */
  dropFile(name: string, content: string) {
    return this.page.locator("header").evaluate(
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
  async startRun(list: string) {
    await this.goTo("Bulk");
    await this.listField.fill(list);
    await this.page.getByRole("button", { name: /^Create [\d,]+ links?$/ }).click();
  }

  /** Waits until so many rows of a run are finished. */
  progressed(rows: number) {
    return this.page.waitForFunction(
      (rows) => document.querySelector("progress")?.value === rows,
      rows,
    );
  }

  /**
   * Waits for the end of a run and its `counts`, by status. For work on a run that had ended
   * before, give those that the work changes: until it starts, the page shows the end before it.
   */
  async finished(counts: Record<string, number> = {}, title = "Run finished") {
    for (const [status, count] of Object.entries(counts))
      await this.button(`${status} ${count.toLocaleString("en")}`).waitFor();
    await this.heading(title).waitFor({ timeout: 30_000 });
    for (const [status, expected] of Object.entries(counts))
      assert.equal(await this.count(status), expected, status);
  }

  /** Returns how many rows of a run have a status, as its filter shows. */
  async count(status: string) {
    const text = await this.page
      .getByRole("button", { name: new RegExp(`^${status} [\\d,]+$`) })
      .innerText();
    return Number(text.replace(/\D/g, ""));
  }

  /** The CSV that a button downloads. */
  async downloaded(name: string) {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.page.getByRole("button", { name }).click(),
    ]);
    const text = (await readFile(await download.path(), "utf8")).replace(/^\uFEFF/, "");
    const { data, meta } = Papa.parse<Record<string, string>>(text, { header: true });
    return { text, header: meta.fields ?? [], rows: data, name: download.suggestedFilename() };
  }

  /** Returns what has the focus: a control's name, a heading's text, or else the tag. */
  focused() {
    return this.page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement;
      if (!element.matches("a, button, input, select, textarea, h1, h2"))
        return element.tagName.toLowerCase();
      return (element.ariaLabel ?? element.labels?.[0]?.innerText ?? element.innerText).trim();
    });
  }

  /** Notes the texts that an element shows from now on, and returns a function that gives them. */
  async noteTexts(selector: string) {
    const notes = await this.page.evaluateHandle((selector) => {
      const texts: string[] = [];
      new MutationObserver(() => {
        const text = document.querySelector(selector)?.textContent.trim();
        if (text && text !== texts.at(-1)) texts.push(text);
      }).observe(document.body, { childList: true, characterData: true, subtree: true });
      return texts;
    }, selector);
    return () => notes.jsonValue();
  }

  /** Closes a page, which makes the browser ask. Stays on it. */
  async asksBeforeClosing() {
    const asked = this.page.waitForEvent("dialog");
    await this.page.close({ runBeforeUnload: true });
    const dialog = await asked;
    assert.equal(dialog.type(), "beforeunload");
    await dialog.dismiss();
  }
}
