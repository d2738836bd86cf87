// The states of the admin page, in an order in which one page reaches all of them.
import type { Page } from "playwright-core";

import type { Control } from "../../emulator/control-client.ts";
import { holdAfter } from "../support/hold-after.ts";
import {
  button,
  chooseFile,
  confirm,
  create,
  created,
  goTo,
  heading,
  ORGANIZATION,
  OTHER,
  refusal,
  startRun,
  USER,
  userField,
  userIds,
} from "./on-page.ts";

/** What reaches a state. `check` looks at the page under a name. */
type Reach = (
  page: Page,
  check: (name: string, options?: { isMoving: boolean }) => Promise<void>,
  control: Control,
) => Promise<void>;

const BANNED = {
  operation: "create",
  status: 422,
  body: refusal("This user is banned"),
} as const;

export const STATES: Record<string, Reach> = {
  "page that cannot be loaded": async (page, check) => {
    await page.route("**/session", (route) => route.abort());
    await page.reload();
    await heading(page, "The page cannot be loaded").waitFor();
    await check("failed");
    await page.unroute("**/session");
    await button(page, "Try again").click();
  },
  "new link": async (page, check) => {
    await heading(page, "New link").waitFor();
    await check("new-link");
  },
  "new link, custom lifetime, wrong": async (page, check) => {
    await page.getByLabel("Custom").check();
    await page.getByLabel("Amount").fill("0");
    await create(page, "anna@example.com");
    await page.getByText("Enter a whole number, 1 or more.").waitFor();
    await check("new-link-wrong");
    await page.getByLabel("1 hour").check();
  },
  "new link, refused": async (page, check, control) => {
    await control.fault({ ...BANNED, status: 403 });
    await create(page, USER);
    await page.getByRole("alert").waitFor();
    await check("new-link-refused");
  },
  "new link, unknown": async (page, check, control) => {
    await control.fault({ operation: "create", drop: "answer" });
    await create(page, USER);
    await heading(page, "A link may have been created").waitFor();
    await check("new-link-unknown");
  },
  "new link, unknown, then refused": async (page, check, control) => {
    await control.fault(BANNED);
    await create(page, USER);
    await confirm(page, "Create another link");
    await heading(page, "Clerk refused the request").waitFor();
    await check("new-link-unknown-refused");
  },
  "user, searched for and chosen": async (page, check) => {
    await page.reload();
    await userField(page).fill("anna");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await check("user-search");
    await page.keyboard.press("Enter");
    await page.locator(".user-field > .user-card").waitFor();
    await check("user");
  },
  "link created": async (page, check) => {
    await page.getByLabel(/Organization ID/).fill(ORGANIZATION);
    await page.getByLabel(/Reason/).fill("TICKET-4711");
    await created(page, USER);
    await check("link");
    await button(page, "Reveal").click();
    await button(page, "Show QR code").click();
    await check("link-revealed");
  },
  "second link": async (page, check) => {
    await button(page, "Create another").click();
    await check("links-of-this-tab");
  },
  question: async (page, check) => {
    await created(page, OTHER);
    await button(page, "Revoke").click();
    await page.getByRole("dialog").waitFor();
    await check("question");
    await confirm(page, "Revoke link");
    await heading(page, "Link revoked").waitFor();
    await check("link-revoked");
  },
  bulk: async (page, check) => {
    await goTo(page, "Bulk");
    await heading(page, "Links for many users").waitFor();
    await check("bulk");
  },
  "bulk, with a file": async (page, check) => {
    const list = userIds(3).map((id) => `${id},Anna,x`);
    const lines = ["id,first_name,totp_secret", ...list, "nobody,Bert,"];
    await chooseFile(page, "clerk-export.csv", lines.join("\n"));
    await button(page, "Create 3 links").waitFor();
    await check("bulk-file");
    await button(page, "Remove").click();
  },
  run: async (page, check, control) => {
    await control.fault({ operation: "create", status: 502, body: "down" });
    await control.fault(BANNED);
    await holdAfter(18, control);
    await startRun(page, [...userIds(60), "nobody"].join("\n"));
    await page.getByText(/per second/).waitFor();
    await check("run", { isMoving: true });
    // Long enough for axe to look at a running bulk run. The run is not waited for: it is
    // cancelled, and continued.
    const limited = { status: 429, headers: { "retry-after": "60" }, body: { errors: [] } };
    await control.fault({ operation: "create", ...limited });
    await control.release();
    await page.getByText(/Paused:/).waitFor();
    await check("run-paused");
    await button(page, "Cancel").click();
    await heading(page, "Run cancelled").waitFor();
    await control.fault(BANNED);
    await page.getByRole("button", { name: /^Retry failed/ }).click();
    await heading(page, "Run finished").waitFor({ timeout: 60_000 });
    await check("run-finished");
  },
  "run that asks": async (page, check) => {
    await button(page, "New run").click();
    await page.getByRole("dialog").waitFor();
    await check("run-question");
    await page.keyboard.press("Escape");
  },
  "run stopped": async (page, check, control) => {
    await control.fault({ operation: "create", status: 401, body: { errors: [] }, times: 20 });
    await page.getByRole("button", { name: /^Retry failed/ }).click();
    await heading(page, "Run stopped").waitFor();
    await check("run-stopped");
    await control.clearFaults();
  },
  history: async (page, check) => {
    await goTo(page, "History");
    await page.locator("tbody tr.day").first().waitFor();
    await button(page, "Details").first().click();
    await button(page, "Revoke by token ID").click();
    await button(page, "Filters").click();
    await page.getByRole("textbox", { name: "Person" }).fill("admin");
    await button(page, "Revoke all that match").waitFor();
    await check("history");
    await page.getByRole("searchbox").fill("nothing like it");
    await page.getByText("No entries match these filters.").waitFor();
    await check("history-empty");
  },
};
