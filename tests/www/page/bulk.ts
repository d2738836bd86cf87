// Tests bulk runs on the admin page in Chromium: progress, pauses, outages, unknown rows.
import assert from "node:assert/strict";
import { describe } from "node:test";

import type { Fault } from "../../../emulator/faults.ts";
import { holdAfter } from "../../support/hold-after.ts";
import { logIn } from "../../support/site.ts";
import { limited, refusal, userIds } from "../on-page.ts";
import { on, page, site, testIn, tokens, users } from "./per-test.ts";

const test = testIn("Bulk");

const progress = () =>
  page
    .locator("progress")
    .evaluate(({ value, max }: HTMLProgressElement) => ({ value, max, part: value / max }));

describe("a run", () => {
  test("shows its progress and pace without scrolling", async () => {
    await holdAfter(20, site.control);
    await on.startRun(userIds(30).join("\n"));
    const box = await page.locator("progress").boundingBox();
    assert.ok(box && box.y + box.height < (page.viewportSize()?.height ?? 0), JSON.stringify(box));
    await page.getByText(/[\d.]+ per second, about \d+ s left/).waitFor();
    await on.progressed(20);
  });

  test("can be cancelled and continued, with one fraction for the whole list", async () => {
    await holdAfter(20, site.control);
    await on.startRun(userIds(60).join("\n"));
    await on.progressed(20);
    await on.button("Cancel").click();
    await on.button("Stopping…").waitFor();
    await site.control.release();
    await on.heading("Run cancelled").waitFor();
    const { value, max } = await progress();
    assert.ok(value > 0 && value < max, `${value} of ${max}`);
    const made = await on.count("Created");
    assert.deepEqual([made, made], [value, (await tokens()).length]);
    assert.equal(await on.count("Not started"), 60 - made);
    await holdAfter(0, site.control);
    await on.button(`Create the rest (${60 - made})`).click();
    await on.heading("Creating links").waitFor();
    assert.deepEqual(await progress(), { value: made, max: 60, part: made / 60 });
    await site.control.release();
    await on.finished({ Created: 60 });
    assert.equal((await progress()).part, 1);
    assert.equal((await users()).length, 60);
  });

  test("is followed: by the line at work, in the title and in the bar", async () => {
    // In front of the edge function, which gives up sooner than the page.
    const rest = Promise.withResolvers<void>();
    const ids = userIds(90);
    await page.route("**/v1/sign_in_tokens", async (route) => {
      if (ids.indexOf(route.request().postDataJSON().user_id) >= 60) await rest.promise;
      await route.continue();
    });
    const list = ["user_id,first_name,last_name", ...ids.map((id, n) => `${id},Anna,${n}`)];
    await on.startRun(list.join("\n"));
    await on.progressed(60);
    await page.getByText("51 to 75 of 90").waitFor();
    await page.getByRole("row", { name: /62 Anna 60 user_.* Sending/ }).waitFor();
    await on.button("Previous").click();
    await page.getByText("26 to 50 of 90").waitFor();
    await on.button("Follow the run").click();
    await page.getByText("51 to 75 of 90").waitFor();
    await page.waitForFunction(() => document.title === "66% · Bulk · Sign-in links");
    await on.goTo("History");
    await page.getByRole("link", { name: "Bulk 66%" }).click();
    rest.resolve();
    await on.finished();
    await page.waitForFunction(() => document.title === "Bulk · Sign-in links");
  });

  test("is announced twice, ends with a summary, and offers no CSV without lines", async () => {
    await page.getByLabel("Reason").fill("TICKET-9");
    await on.chooseFile("two.csv", userIds(2).join("\n"));
    await on.button("Create 2 links").waitFor();
    const announced = await on.noteTexts("[role=status]");
    await on.button("Create 2 links").click();
    await on.finished();
    assert.deepEqual(await announced(), ["Creating 2 links.", "Run ended: 2 created."]);
    assert.equal(await page.locator("[aria-live], [role=status], [role=alert]").count(), 1);
    assert.match(
      await page.locator(".run .facts").innerText(),
      /two\.csv\s+Lifetime\s+7 days\s+Reason\s+TICKET-9\s+Begun\s+.*\s+Took\s+\d+ s/,
    );
    await on.button("Failed 0").click();
    await page.getByText("No lines with this result.").waitFor();
    assert.equal(await page.getByRole("button", { name: /Download CSV/ }).count(), 0);
  });

  test("shows why it pauses, and for how long", async () => {
    const paused = await on.noteTexts(".progress .callout");
    await site.control.fault(limited(1));
    await on.startRun(userIds(15).join("\n"));
    await on.finished({ Created: 15 });
    const said = /^Paused: Clerk’s rate limit is reached\. The run continues in 1 s\.$/;
    assert.match((await paused())[0], said);
  });

  test("counts down to the next request in an outage", async () => {
    const paused = await on.noteTexts(".progress .callout");
    // An outage lasts some time.
    const down = { operation: "create", status: 503, body: "down" } as const;
    await site.control.fault(down);
    await site.control.fault({ ...down, times: 11, delay: 400 });
    // No answer to a request from before the pause ends it.
    await holdAfter(0, site.control);
    await on.startRun(userIds(30).join("\n"));
    await page.getByText(/Paused: too many requests failed in a row/).waitFor();
    await site.control.release();
    await on.finished({ Unknown: 12, Created: 18 });
    assert.match((await paused())[0], /failed in a row\. The run tries one in 1 s\.$/);
  });

  test("stops at a refused key with one message", async () => {
    await site.control.fault({ status: 401, body: { errors: [] }, times: 100 });
    await on.startRun(userIds(40).join("\n"));
    await on.finished({ Failed: 0, "Not started": 40 }, "Run stopped");
    assert.equal(await page.getByText("does not accept the secret key").count(), 1);
    assert.ok((await site.control.requests()).length <= 20);
    assert.equal((await progress()).value, 0);
    await site.control.clearFaults();
    await on.button("Create the rest (40)").click();
    await on.finished({ Created: 40 });
    assert.equal((await tokens()).length, 40);
  });

  test("continues after a login when the session ends", async () => {
    // At most 10 + 20 requests are sent before the session ends.
    await holdAfter(10, site.control);
    await on.startRun(userIds(40).join("\n"));
    await on.progressed(10);
    await page.context().clearCookies();
    await site.control.release();
    await on.heading("Log in").waitFor();
    await logIn(page);
    await on.finished({ Created: 40 });
    assert.equal((await tokens()).length, 40);
  });

  test("tells failed from unknown, and retries only failed, once on a double click", async () => {
    const fault = { operation: "create", body: "<h1>bad gateway</h1>" } as const;
    await site.control.fault({ ...fault, status: 502, effect: true });
    await site.control.fault({ ...fault, status: 422, body: refusal("This user is banned") });
    await on.startRun(userIds(6).join("\n"));
    await on.finished({ Created: 4, Failed: 1, Unknown: 1 });
    await on.heading("1 link may have been created").waitFor();
    await on.button("Failed 1").click();
    await page.getByRole("row", { name: /This user is banned\./ }).waitFor();
    await on.button("Retry failed (1)").evaluate((element: HTMLElement) => {
      element.click();
      element.click();
    });
    await on.finished({ Created: 5, Failed: 0, Unknown: 1 });
    assert.equal((await site.control.requests()).length, 7);
    assert.deepEqual(await users(), userIds(6));
  });
});

describe("an unknown row", () => {
  async function startUnknown(...answers: Partial<Fault>[]) {
    for (const answer of answers)
      await site.control.fault({ operation: "create", body: "<h1>Not here</h1>", ...answer });
    await on.startRun(userIds(answers.length).join("\n"));
    await on.finished({ Unknown: answers.length });
  }

  async function createAgain(rows: number) {
    await on.button(`Create again (${rows})`).click();
    await on.confirm("Create again");
  }

  test("stays unknown when it is created again and the run stops", async () => {
    await startUnknown({ status: 502, headers: { "cf-ray": "first-EMU" } }, { status: 502 });
    await site.control.fault({ status: 401, body: { errors: [] }, times: 2 });
    await createAgain(2);
    await on.finished({ Unknown: 2 }, "Run stopped");
    const others = page.getByRole("button", { name: /^(Not started|Create the rest)/ });
    assert.equal(await others.count(), 0);
    await on.heading("2 links may have been created").waitFor();
    const { rows } = await on.downloaded("Download CSV");
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
    await site.control.fault(limited(30));
    await createAgain(3);
    await page.getByText(/Paused: Clerk’s rate limit/).waitFor();
    await on.button("Cancel").click();
    await on.heading("Run cancelled").waitFor();
    const made = (await tokens()).length;
    assert.ok(made < 3, String(made));
    assert.deepEqual([await on.count("Unknown"), await on.count("Failed")], [3 - made, 0]);
  });

  test("stays unknown when Clerk refuses to create it again, until a token comes", async () => {
    await startUnknown({ status: 502, effect: true });
    const body = refusal("This user is banned");
    await site.control.fault({ operation: "create", status: 422, body });
    await createAgain(1);
    const said = /Clerk answered with a server error\. Created again: This user is banned\./;
    await page.getByRole("row", { name: said }).waitFor();
    await on.finished({ Unknown: 1, Failed: 0 });
    await createAgain(1);
    await on.finished({ Unknown: 0, Created: 1 });
  });
});
