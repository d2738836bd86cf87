// The states of the admin page, in an order in which one page reaches all of them.
import type { Control } from "../../emulator/control.ts";
import { holdAfter } from "../support/hold-after.ts";
import { limited, type OnPage, ORGANIZATION, OTHER, refusal, USER, userIds } from "./on-page.ts";

/** Reaches states. `check` looks at the page under a name. */
type Reach = (
  on: OnPage,
  check: (name: string, isMoving?: boolean) => Promise<void>,
  control: Control,
) => Promise<void>;

const BANNED = {
  operation: "create",
  status: 422,
  body: refusal("This user is banned"),
} as const;

const newLink: Reach = async (on, check, control) => {
  await on.page.route("**/session", (route) => route.abort());
  await on.page.reload();
  await on.heading("The page cannot be loaded").waitFor();
  await check("failed");
  await on.page.unroute("**/session");
  await on.button("Try again").click();
  await on.heading("New link").waitFor();
  await check("new-link");
  await on.page.getByLabel("Custom").check();
  await on.page.getByLabel("Amount").fill("0");
  await on.create("anna@example.com");
  await on.page.getByText("Enter a whole number, 1 or more.").waitFor();
  await check("new-link-wrong");
  await on.page.getByLabel("1 hour").check();
  await control.fault({ ...BANNED, status: 403 });
  await on.create(USER);
  await on.page.getByRole("alert").waitFor();
  await check("new-link-refused");
  await control.fault({ operation: "create", drop: "answer" });
  await on.create(USER);
  await on.heading("A link may have been created").waitFor();
  await check("new-link-unknown");
  await control.fault(BANNED);
  await on.create(USER);
  await on.confirm("Create another link");
  await on.heading("Clerk refused the request").waitFor();
  await check("new-link-unknown-refused");
};

const links: Reach = async (on, check) => {
  await on.page.reload();
  await on.userField.fill("anna");
  await on.page.getByRole("option").first().waitFor();
  await on.page.keyboard.press("ArrowDown");
  await check("user-search");
  await on.page.keyboard.press("Enter");
  await on.page.locator(".user-field > .user-card").waitFor();
  await check("user");
  await on.page.getByLabel(/Organization ID/).fill(ORGANIZATION);
  await on.page.getByLabel(/Reason/).fill("TICKET-4711");
  await on.created(USER);
  await check("link");
  await on.button("Reveal").click();
  await on.button("Show QR code").click();
  await check("link-revealed");
  await on.button("Create another").click();
  await check("links-of-this-tab");
  await on.created(OTHER);
  await on.button("Revoke").click();
  await on.page.getByRole("dialog").waitFor();
  await check("question");
  await on.confirm("Revoke link");
  await on.heading("Link revoked").waitFor();
  await check("link-revoked");
};

const bulk: Reach = async (on, check) => {
  await on.goTo("Bulk");
  await on.heading("Links for many users").waitFor();
  await check("bulk");
  const list = userIds(3).map((id) => `${id},Anna,x`);
  const lines = ["id,first_name,totp_secret", ...list, "nobody,Bert,"];
  await on.chooseFile("clerk-export.csv", lines.join("\n"));
  await on.button("Create 3 links").waitFor();
  await check("bulk-file");
  await on.button("Remove").click();
};

const run: Reach = async (on, check, control) => {
  await control.fault({ operation: "create", status: 502, body: "down" });
  await control.fault(BANNED);
  await holdAfter(18, control);
  await on.startRun([...userIds(60), "nobody"].join("\n"));
  await on.page.getByText(/per second/).waitFor();
  await on.button("Sending 20").waitFor();
  await check("run", true);
  // Long enough for axe to look at a running bulk run. The run is not waited for: it is
  // cancelled, and continued.
  await control.fault(limited(60));
  await control.release();
  await on.page.getByText(/Paused:/).waitFor();
  await check("run-paused");
  await on.button("Cancel").click();
  await on.heading("Run cancelled").waitFor();
  await control.fault(BANNED);
  await on.page.getByRole("button", { name: /^Retry failed/ }).click();
  await on.heading("Run finished").waitFor({ timeout: 60_000 });
  await check("run-finished");
  await on.button("New run").click();
  await on.page.getByRole("dialog").waitFor();
  await check("run-question");
  await on.page.keyboard.press("Escape");
  await control.fault({ operation: "create", status: 401, body: { errors: [] }, times: 20 });
  await on.page.getByRole("button", { name: /^Retry failed/ }).click();
  await on.heading("Run stopped").waitFor();
  await check("run-stopped");
  await control.clearFaults();
};

const history: Reach = async (on, check) => {
  await on.goTo("History");
  await on.page.locator("tbody tr.day").first().waitFor();
  await on.button("Details").first().click();
  await on.button("Revoke by token ID").click();
  await on.button("Filters").click();
  await on.page.getByRole("textbox", { name: "Person" }).fill("admin");
  await on.button("Revoke all that match").waitFor();
  await check("history");
  await on.page.getByRole("searchbox").fill("nothing like it");
  await on.page.getByText("No entries match these filters.").waitFor();
  await check("history-empty");
};

export const STATES = [newLink, links, bulk, run, history];
