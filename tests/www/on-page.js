// Actions on the admin page that its tests share, by visible labels.
import { readFile } from "node:fs/promises";

/** As long as Clerk's own. */
export const USER = "user_2abcDEFghiJKLmnoPQRstuVWXyz";
export const OTHER = "user_2zyxWVUtsrQPOnmlKJIhgfEDCba";
export const ORGANIZATION = "org_2abcDEFghiJKLmnoPQRstuVWXyzA";

/** Different IDs, as long as Clerk's own. */
export const userIds = (count) =>
  Array.from(
    { length: count },
    (_, n) => `user_2abcDEFghiJKLmnoPQRst${String(n).padStart(6, "0")}`,
  );

export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const heading = (page, name) => page.getByRole("heading", { name });
/** The field for the user, which is a search unless the Worker says that it is off. */
export const userField = (page) => page.getByLabel("User", { exact: true });
export const alert = (page, text) => page.getByRole("alert").filter({ hasText: text }).first();

export async function create(page, userId) {
  await userField(page).fill(userId);
  await page
    .getByRole("button", { name: /^(Create link|Create another link|Ask again|Try again)$/ })
    .click();
}

/** Creates a link and waits for it. */
export async function created(page, userId) {
  await create(page, userId);
  await heading(page, "Link created").waitFor();
}

export async function confirm(page, action) {
  await page.getByRole("dialog").getByRole("button", { name: action }).click();
}

/** Opens a view and waits until it is shown, because it takes the focus. */
export async function goTo(page, view) {
  const link = page.getByRole("navigation").getByRole("link", { name: view });
  await link.click();
  await link.and(page.locator("[aria-current=page]")).waitFor();
}

/** Fills in the list and begins the run. */
export async function startRun(page, list) {
  await goTo(page, "Bulk");
  await page.getByLabel("User IDs", { exact: true }).fill(list);
  await page.getByRole("button", { name: /^Create [\d,]+ links?$/ }).click();
}

/** Returns how many rows of a run have a status, as its filter shows. */
export async function count(page, name) {
  const text = await page
    .getByRole("button", { name: new RegExp(`^${name} [\\d,]+$`) })
    .innerText();
  return Number(text.replace(/\D/g, ""));
}

/** The lines of the CSV that a button downloads, each cut at its commas. */
export async function downloaded(page, name) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name }).click(),
  ]);
  const text = (await readFile(await download.path(), "utf8")).replace(/^\uFEFF/, "");
  const [header, ...rows] = text.split("\r\n").map((line) => line.split(","));
  const asObject = (row) => Object.fromEntries(header.map((name, at) => [name, row[at]]));
  return { text, header, rows: rows.map(asObject), name: download.suggestedFilename() };
}

/** Returns what has the focus: a control's name, a heading's text, or else the tag. */
export function focused(page) {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    if (!element.matches("a, button, input, select, textarea, h1, h2"))
      return element.tagName.toLowerCase();
    return (element.ariaLabel ?? element.labels?.[0]?.innerText ?? element.innerText).trim();
  });
}
