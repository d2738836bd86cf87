// Walks through every state of the page. Checks each with axe, for contrast and cut-off content, and takes a screenshot.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";

import { AxeBuilder } from "@axe-core/playwright";

import { screenshot } from "../support/browser.ts";
import { loggedInCookies, logIn } from "../support/site.ts";
import { controls, cutOff, edgeContrast } from "./contrast.js";
import {
  button,
  confirm,
  create,
  created,
  goTo,
  heading,
  ORGANIZATION,
  OTHER,
  startRun,
  USER,
  userField,
  userIds,
} from "./on-page.js";
import { holdAfter } from "../support/hold-after.ts";

export const LOOKS = {
  light: { colorScheme: "light", viewport: { width: 1440, height: 900 } },
  dark: { colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  tablet: { colorScheme: "light", viewport: { width: 768, height: 1024 } },
  phone: {
    colorScheme: "light",
    viewport: { width: 320, height: 640 },
    isMobile: true,
    hasTouch: true,
  },
};

let site, chromium, page, look;

/** Tests every state in the look `name`, in the file's browser; `start()` gives the site. */
export function testStates(name, shared, start) {
  describe(name, () => {
    const open = async () => {
      site = start();
      chromium = shared;
      look = name;
      await site.control.reset();
      const cookies = await loggedInCookies(site);
      page = await chromium.open(site.url, { cookies, ...LOOKS[name] });
    };
    const test = shared.tests(open, { inSequence: true });
    before(open);
    after(() => chromium.close(page));
    for (const [state, reach] of Object.entries(STATES)) test(state, reach);
  });
}

/** States that follow each other on one page. */
const STATES = {
  "login, refused": async () => {
    const visitor = await chromium.open(site.url, LOOKS[look]);
    await logIn(visitor, "a wrong password");
    await visitor
      .getByText(/Wrong password|Too many attempts/)
      .first()
      .waitFor();
    await check(visitor, "login");
    await chromium.close(visitor);
  },
  "page that cannot be loaded": async () => {
    await page.route("**/session", (route) => route.abort());
    await page.reload();
    await heading(page, "The page cannot be loaded").waitFor();
    await check(page, "failed");
    await page.unroute("**/session");
    await button(page, "Try again").click();
  },
  "new link": async () => {
    await heading(page, "New link").waitFor();
    await check(page, "new-link");
  },
  "new link, custom lifetime, wrong": async () => {
    await page.getByLabel("Custom").check();
    await page.getByLabel("Amount").fill("0");
    await create(page, "anna@example.com");
    await page.getByText("Enter a whole number, 1 or more.").waitFor();
    await check(page, "new-link-wrong");
    await page.getByLabel("1 hour").check();
  },
  "new link, refused": async () => {
    const error = { code: "x", message: "no", long_message: "This user is banned" };
    await site.control.fault({ operation: "create", status: 403, body: { errors: [error] } });
    await create(page, USER);
    await page.getByRole("alert").waitFor();
    await check(page, "new-link-refused");
  },
  "new link, unknown": async () => {
    await site.control.fault({ operation: "create", drop: "answer" });
    await create(page, USER);
    await heading(page, "A link may have been created").waitFor();
    await check(page, "new-link-unknown");
  },
  "new link, unknown, then refused": async () => {
    const error = { code: "x", message: "no", long_message: "This user is banned" };
    await site.control.fault({ operation: "create", status: 422, body: { errors: [error] } });
    await create(page, USER);
    await confirm(page, "Create another link");
    await heading(page, "Clerk refused the request").waitFor();
    await check(page, "new-link-unknown-refused");
  },
  "user, searched for and chosen": async () => {
    await page.reload();
    await userField(page).fill("anna");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await check(page, "user-search");
    await page.keyboard.press("Enter");
    await page.locator(".user-field > .user-card").waitFor();
    await check(page, "user");
  },
  "link created": async () => {
    await page.getByLabel(/Organization ID/).fill(ORGANIZATION);
    await page.getByLabel(/Reason/).fill("TICKET-4711");
    await created(page, USER);
    await check(page, "link");
    if (look === "light" && process.env.UPDATE_DOCS) await documentationScreenshot();
    await button(page, "Reveal").click();
    await button(page, "Show QR code").click();
    await check(page, "link-revealed");
  },
  "second link": async () => {
    await button(page, "Create another").click();
    await check(page, "links-of-this-tab");
  },
  question: async () => {
    await created(page, OTHER);
    await button(page, "Revoke").click();
    await page.getByRole("dialog").waitFor();
    await check(page, "question");
    await confirm(page, "Revoke link");
    await heading(page, "Link revoked").waitFor();
    await check(page, "link-revoked");
  },
  bulk: async () => {
    await goTo(page, "Bulk");
    await heading(page, "Links for many users").waitFor();
    await check(page, "bulk");
  },
  "bulk, with a file": async () => {
    const list = userIds(3).map((id) => `${id},Anna,x`);
    const buffer = Buffer.from(["id,first_name,totp_secret", ...list, "nobody,Bert,"].join("\n"));
    const file = { name: "clerk-export.csv", mimeType: "text/csv", buffer };
    await page.getByLabel(/Choose a file/).setInputFiles(file);
    await button(page, "Create 3 links").waitFor();
    await check(page, "bulk-file");
    await button(page, "Remove").click();
  },
  run: async () => {
    const failing = { operation: "create", times: 1 };
    const error = { code: "x", message: "no", long_message: "This user is banned" };
    const banned = { ...failing, status: 422, body: { errors: [error] } };
    await site.control.fault({ ...failing, status: 502, body: "down" });
    await site.control.fault(banned);
    await holdAfter(18, site.control);
    await startRun(page, [...userIds(60), "nobody"].join("\n"));
    await page.getByText(/per second/).waitFor();
    await check(page, "run", { isMoving: true });
    // Long enough for axe to look at a running bulk run. The run is not waited for: it is cancelled, and continued.
    const limited = { status: 429, headers: { "retry-after": "60" }, body: { errors: [] } };
    await site.control.fault({ ...failing, ...limited });
    await site.control.release();
    await page.getByText(/Paused:/).waitFor();
    await check(page, "run-paused");
    await button(page, "Cancel").click();
    await heading(page, "Run cancelled").waitFor();
    await site.control.fault(banned);
    await page.getByRole("button", { name: /^Retry failed/ }).click();
    await heading(page, "Run finished").waitFor({ timeout: 60_000 });
    await check(page, "run-finished");
  },
  "run that asks": async () => {
    await button(page, "New run").click();
    await page.getByRole("dialog").waitFor();
    await check(page, "run-question");
    await page.keyboard.press("Escape");
  },
  "run stopped": async () => {
    await site.control.fault({ operation: "create", status: 401, body: { errors: [] }, times: 20 });
    await page.getByRole("button", { name: /^Retry failed/ }).click();
    await heading(page, "Run stopped").waitFor();
    await check(page, "run-stopped");
    await site.control.clearFaults();
  },
  history: async () => {
    await goTo(page, "History");
    await page.locator("tbody tr.day").first().waitFor();
    await button(page, "Details").first().click();
    await button(page, "Revoke by token ID").click();
    await button(page, "Filters").click();
    await page.getByRole("textbox", { name: "Person" }).fill("admin");
    await button(page, "Revoke all that match").waitFor();
    await check(page, "history");
    await page.getByRole("searchbox").fill("nothing like it");
    await page.getByText("No entries match these filters.").waitFor();
    await check(page, "history-empty");
  },
};

/** Writes the README's screenshot. */
async function documentationScreenshot() {
  await page.setViewportSize({ width: 1120, height: 560 });
  await page.screenshot({ path: fileURLToPath(new URL("../../docs/admin.png", import.meta.url)) });
  await page.setViewportSize(LOOKS[look].viewport);
}

async function check(own, name, { isMoving } = {}) {
  // Hovered controls look different.
  await own.mouse.move(0, 0);
  await screenshot(own, `${name}-${look}`);
  const state = `${name}, ${look}`;
  for (const control of await own.evaluate(controls)) {
    const contrast = edgeContrast(control);
    // 1 means a control without an edge: axe measures its text.
    const isSeen = contrast >= 3 || contrast === 1;
    assert.ok(isSeen, `${state}: the edge of ${control.name} has ${contrast.toFixed(2)}:1`);
  }
  assert.deepEqual(await own.evaluate(cutOff), [], `${state}: something is cut off`);
  const [width, content] = await own.evaluate(() => [
    innerWidth,
    document.documentElement.scrollWidth,
  ]);
  assert.ok(content <= width, `${state}: ${content} px wide in a window of ${width}`);
  assert.doesNotMatch(await own.innerText("body"), /\bids?\b/, `${state}: ID is in capitals`);
  // A run moves on while axe works.
  if (isMoving) return;
  // Without frames, axe needs no second page to gather its results in.
  const { violations } = await new AxeBuilder({ page: own }).setLegacyMode(true).analyze();
  const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  assert.deepEqual(found, [], state);
}
