// Tests bulk runs on the admin page in Chromium: progress, pauses, outages, unknown rows.
import assert from "node:assert/strict";
import { describe } from "node:test";

import type { Fault } from "../../../emulator/faults.ts";
import { holdAfter } from "../../support/hold-after.ts";
import { logIn } from "../../support/site.ts";
import {
  button,
  chooseFile,
  confirm,
  count,
  downloaded,
  finished,
  goTo,
  heading,
  listField,
  noteTexts,
  progressed,
  refusal,
  startRun,
  userIds,
} from "../on-page.ts";
import { page, site, testIn, tokens } from "./per-test.ts";

const test = testIn("Bulk");

const progress = () =>
  page
    .locator("progress")
    .evaluate(({ value, max }: HTMLProgressElement) => ({ value, max, part: value / max }));

/** The users of the tokens. Fails if one has two. */
async function users() {
  const all = (await tokens()).map(({ user_id: user }) => user);
  assert.equal(new Set(all).size, all.length, "nobody has two");
  return all;
}

describe("a run", () => {
  test("shows its progress and pace without scrolling", async () => {
    await holdAfter(20, site.control);
    await startRun(page, userIds(30).join("\n"));
    const box = await page.locator("progress").boundingBox();
    assert.ok(box && box.y + box.height < (page.viewportSize()?.height ?? 0), JSON.stringify(box));
    await page.getByText(/[\d.]+ per second, about \d+ s left/).waitFor();
    const { part } = await progress();
    assert.ok(part > 0 && part < 1, String(part));
  });

  test("is announced twice: at its start and its end", async () => {
    const announced = await noteTexts(page, "[role=status]");
    await startRun(page, userIds(8).join("\n"));
    await finished(page);
    assert.deepEqual(await announced(), ["Creating 8 links.", "Run ended: 8 created."]);
    assert.equal(await page.locator("[aria-live], [role=status], [role=alert]").count(), 1);
  });

  test("can be cancelled and continued, with one fraction for the whole list", async () => {
    await holdAfter(20, site.control);
    await startRun(page, userIds(60).join("\n"));
    await progressed(page, 20);
    await button(page, "Cancel").click();
    await button(page, "Stopping…").waitFor();
    await site.control.release();
    await heading(page, "Run cancelled").waitFor();
    const { value, max } = await progress();
    assert.ok(value > 0 && value < max, `${value} of ${max}`);
    const made = await count(page, "Created");
    assert.deepEqual([made, made], [value, (await tokens()).length]);
    assert.equal(await count(page, "Not started"), 60 - made);
    await holdAfter(0, site.control);
    await button(page, `Create the rest (${60 - made})`).click();
    await heading(page, "Creating links").waitFor();
    assert.deepEqual(await progress(), { value: made, max: 60, part: made / 60 });
    await site.control.release();
    await finished(page, { Created: 60 });
    assert.equal((await progress()).part, 1);
    assert.equal((await users()).length, 60);
  });

  test("is followed: by the line at work, in the title and in the bar", async () => {
    await holdAfter(60, site.control);
    const list = ["user_id,first_name,last_name", ...userIds(90).map((id, n) => `${id},Anna,${n}`)];
    await startRun(page, list.join("\n"));
    await progressed(page, 60);
    await page.getByText("51 to 75 of 90").waitFor();
    await page.getByRole("row", { name: /62 Anna 60 user_.* Sending/ }).waitFor();
    await button(page, "Previous").click();
    await page.getByText("26 to 50 of 90").waitFor();
    await button(page, "Follow the run").click();
    await page.getByText("51 to 75 of 90").waitFor();
    await page.waitForFunction(() => document.title === "66% · Bulk · Sign-in links");
    await goTo(page, "History");
    await page.getByRole("link", { name: "Bulk 66%" }).click();
    await site.control.release();
    await finished(page);
    await page.waitForFunction(() => document.title === "Bulk · Sign-in links");
  });

  test("ends with a summary, and offers no CSV without lines", async () => {
    await page.getByLabel("Reason").fill("TICKET-9");
    await chooseFile(page, "two.csv", userIds(2).join("\n"));
    await button(page, "Create 2 links").click();
    await finished(page);
    assert.match(
      await page.locator(".run .facts").innerText(),
      /two\.csv\s+Lifetime\s+7 days\s+Reason\s+TICKET-9\s+Begun\s+.*\s+Took\s+\d+ s/,
    );
    await button(page, "Failed 0").click();
    await page.getByText("No lines with this result.").waitFor();
    assert.equal(await page.getByRole("button", { name: /Download CSV/ }).count(), 0);
  });

  test("has whole numbers as lifetimes, as its rule says", async () => {
    await page.getByLabel("Custom").check();
    await page.getByLabel("Amount").fill("1.5");
    await listField(page).fill(userIds(1)[0]);
    await button(page, "Create 1 link").click();
    await page.getByText("Enter a whole number, 1 or more.").waitFor();
    assert.equal((await tokens()).length, 0);
  });

  test("shows why it pauses, and for how long", async () => {
    const paused = await noteTexts(page, ".progress .callout");
    const limited = { status: 429, headers: { "retry-after": "1" }, body: { errors: [] } };
    await site.control.fault({ operation: "create", ...limited });
    await startRun(page, userIds(15).join("\n"));
    await finished(page, { Created: 15 });
    const said = /^Paused: Clerk’s rate limit is reached\. The run continues in 1 s\.$/;
    assert.match((await paused())[0], said);
  });

  test("counts down to the next request in an outage", async () => {
    const paused = await noteTexts(page, ".progress .callout");
    // An outage lasts some time.
    const down = { operation: "create", status: 503, body: "down" } as const;
    await site.control.fault(down);
    await site.control.fault({ ...down, times: 11, delay: 400 });
    // No answer to a request from before the pause ends it.
    await holdAfter(0, site.control);
    await startRun(page, userIds(30).join("\n"));
    await page.getByText(/Paused: too many requests failed in a row/).waitFor();
    await site.control.release();
    await finished(page, { Unknown: 12, Created: 18 });
    assert.match((await paused())[0], /failed in a row\. The run tries one in 1 s\.$/);
  });

  test("stops at a refused key with one message", async () => {
    await site.control.fault({ status: 401, body: { errors: [] }, times: 100 });
    await startRun(page, userIds(40).join("\n"));
    await finished(page, { Failed: 0, "Not started": 40 }, "Run stopped");
    assert.equal(await page.getByText("does not accept the secret key").count(), 1);
    assert.ok((await site.control.requests()).length <= 20);
    assert.equal((await progress()).value, 0);
    await site.control.clearFaults();
    await button(page, "Create the rest (40)").click();
    await finished(page, { Created: 40 });
    assert.equal((await tokens()).length, 40);
  });

  test("continues after a login when the session ends", async () => {
    // At most 10 + 20 requests are sent before the session ends.
    await holdAfter(10, site.control);
    await startRun(page, userIds(40).join("\n"));
    await progressed(page, 10);
    await page.context().clearCookies();
    await site.control.release();
    await heading(page, "Log in").waitFor();
    await logIn(page);
    await finished(page, { Created: 40 });
    assert.equal((await tokens()).length, 40);
  });

  test("tells failed from unknown, and retries only failed, once on a double click", async () => {
    const fault = { operation: "create", body: "<h1>bad gateway</h1>" } as const;
    await site.control.fault({ ...fault, status: 502, effect: true });
    await site.control.fault({ ...fault, status: 422, body: refusal("This user is banned") });
    await startRun(page, userIds(6).join("\n"));
    await finished(page, { Created: 4, Failed: 1, Unknown: 1 });
    await heading(page, "1 link may have been created").waitFor();
    await button(page, "Failed 1").click();
    await page.getByRole("row", { name: /This user is banned\./ }).waitFor();
    await button(page, "Retry failed (1)").evaluate((element: HTMLElement) => {
      element.click();
      element.click();
    });
    await finished(page, { Created: 5, Failed: 0, Unknown: 1 });
    assert.equal((await site.control.requests()).length, 7);
    assert.deepEqual((await users()).sort(), userIds(6));
  });
});

describe("an unknown row", () => {
  async function startUnknown(...answers: Partial<Fault>[]) {
    for (const answer of answers)
      await site.control.fault({ operation: "create", body: "<h1>Not here</h1>", ...answer });
    await startRun(page, userIds(answers.length).join("\n"));
    await finished(page, { Unknown: answers.length });
  }

  async function createAgain(rows: number) {
    await button(page, `Create again (${rows})`).click();
    await confirm(page, "Create again");
  }

  test("stays unknown when it is created again and the run stops", async () => {
    await startUnknown({ status: 502, headers: { "cf-ray": "first-EMU" } }, { status: 502 });
    await site.control.fault({ status: 401, body: { errors: [] }, times: 2 });
    await createAgain(2);
    await finished(page, { Unknown: 2 }, "Run stopped");
    const others = page.getByRole("button", { name: /^(Not started|Create the rest)/ });
    assert.equal(await others.count(), 0);
    await heading(page, "2 links may have been created").waitFor();
    const { rows } = await downloaded(page, "Download CSV");
    assert.deepEqual(
      rows.map(({ state, code }) => [state, code]),
      Array(2).fill(["unknown", "server_error"]),
    );
    // The requests are sent at the same time: either may get the trace ID.
    const traceIds = rows.map(({ clerk_trace_id: traceId }) => traceId);
    assert.deepEqual(traceIds.sort(), ["", "first-EMU"]);
  });

  test("stays unknown when it is created again and the run is cancelled", async () => {
    await startUnknown({ status: 502 }, { status: 502 }, { status: 502 });
    const limited = { status: 429, headers: { "retry-after": "30" }, body: { errors: [] } };
    await site.control.fault({ operation: "create", ...limited });
    await createAgain(3);
    await page.getByText(/Paused: Clerk’s rate limit/).waitFor();
    await button(page, "Cancel").click();
    await heading(page, "Run cancelled").waitFor();
    const made = (await tokens()).length;
    assert.ok(made < 3, String(made));
    assert.deepEqual([await count(page, "Unknown"), await count(page, "Failed")], [3 - made, 0]);
  });

  test("stays unknown when Clerk refuses to create it again, until a token comes", async () => {
    await startUnknown({ status: 502, effect: true });
    const body = refusal("This user is banned");
    await site.control.fault({ operation: "create", status: 422, body });
    await createAgain(1);
    const said = /Clerk answered with a server error\. Created again: This user is banned\./;
    await page.getByRole("row", { name: said }).waitFor();
    await finished(page, { Unknown: 1, Failed: 0 });
    await createAgain(1);
    await finished(page, { Unknown: 0, Created: 1 });
  });
});
