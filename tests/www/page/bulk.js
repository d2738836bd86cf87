// Tests bulk runs on the admin page in Chromium: progress, pauses, outages, and the actions afterwards.
import assert from "node:assert/strict";
import { describe } from "node:test";

import {
  button,
  confirm,
  count,
  downloaded,
  goTo,
  heading,
  startRun,
  userIds,
} from "../on-page.js";
import { pagePerTest } from "./page-per-test.js";
import { holdAfter } from "../../support/hold-after.ts";
import { logIn } from "../../support/site.ts";

const progress = () =>
  page.locator("progress").evaluate(({ value, max }) => ({ value, max, part: value / max }));

let site, page;
const { finished, test, tokens } = pagePerTest("#bulk", (opened) => ({ site, page } = opened));

describe("a run", () => {
  test("shows its progress and pace without scrolling", async () => {
    await holdAfter(20, site.control);
    await startRun(page, userIds(30).join("\n"));
    const box = await page.locator("progress").boundingBox();
    assert.ok(box.y + box.height < page.viewportSize().height, JSON.stringify(box));
    await page.getByText(/[\d.]+ per second, about \d+ s left/).waitFor();
    const { part } = await progress();
    assert.ok(part > 0 && part < 1, String(part));
  });

  test("is announced twice: at its start and its end", async () => {
    await page.evaluate(() => {
      globalThis.announced = [];
      const region = document.querySelector("[role=status]");
      new MutationObserver(() => globalThis.announced.push(region.textContent)).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await startRun(page, userIds(40).join("\n"));
    await finished();
    const announced = await page.evaluate(() => globalThis.announced);
    assert.deepEqual(announced, ["Creating 40 links.", "Run ended: 40 created."]);
    assert.equal(await page.locator("[aria-live], [role=status], [role=alert]").count(), 1);
  });

  test("can be cancelled and continued", async () => {
    await holdAfter(20, site.control);
    await startRun(page, userIds(60).join("\n"));
    await page.waitForFunction(() => document.querySelector("progress").value > 5);
    await button(page, "Cancel").click();
    await site.control.release();
    await heading(page, "Run cancelled").waitFor();
    const { value, max } = await progress();
    assert.ok(value > 0 && value < max, `${value} of ${max}`);
    const made = await count(page, "Created");
    assert.deepEqual([made, made], [value, (await tokens()).length]);
    assert.equal(await count(page, "Not started"), 60 - made);
    await button(page, `Create the rest (${60 - made})`).click();
    await finished();
    assert.equal((await tokens()).length, 60);
    assert.equal(new Set((await tokens()).map(({ user_id }) => user_id)).size, 60);
  });

  test("is followed: by the line at work, in the title and in the bar", async () => {
    await holdAfter(60, site.control);
    const list = ["user_id,first_name,last_name", ...userIds(90).map((id, n) => `${id},Anna,${n}`)];
    await startRun(page, list.join("\n"));
    await page.waitForFunction(() => document.querySelector("progress").value === 60);
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
    await finished();
    await page.waitForFunction(() => document.title === "Bulk · Sign-in links");
  });

  test("has one fraction for the whole list, also after a cancel", async () => {
    await holdAfter(20, site.control);
    await startRun(page, userIds(60).join("\n"));
    await page.waitForFunction(() => document.querySelector("progress").value === 20);
    await button(page, "Cancel").click();
    await site.control.release();
    await heading(page, "Run cancelled").waitFor();
    const before = await progress();
    await holdAfter(0, site.control);
    await page.getByRole("button", { name: /^Create the rest/ }).click();
    await heading(page, "Creating links").waitFor();
    const { value, max } = await progress();
    assert.deepEqual([value, max], [before.value, 60]);
    await site.control.release();
    await finished();
    assert.deepEqual((await progress()).part, 1);
  });

  test("ends with a summary, and offers no CSV without lines", async () => {
    await page.getByLabel("Reason").fill("TICKET-9");
    const buffer = Buffer.from(userIds(2).join("\n"));
    const file = { name: "two.csv", mimeType: "text/csv", buffer };
    await page.getByLabel(/Choose a file/).setInputFiles(file);
    await button(page, "Create 2 links").click();
    await finished();
    const facts = await page.locator(".run .facts").innerText();
    assert.match(
      facts,
      /two\.csv\s+Lifetime\s+7 days\s+Reason\s+TICKET-9\s+Begun\s+.*\s+Took\s+\d+ s/,
    );
    await page.getByRole("button", { name: /^Failed/ }).click();
    await page.getByText("No lines with this result.").waitFor();
    assert.equal(await page.getByRole("button", { name: /Download CSV/ }).count(), 0);
  });

  test("has whole numbers as lifetimes, as its rule says", async () => {
    await page.getByLabel("Custom").check();
    await page.getByLabel("Amount").fill("1.5");
    await page.getByLabel("User IDs", { exact: true }).fill(userIds(1)[0]);
    await button(page, "Create 1 link").click();
    await page.getByText("Enter a whole number, 1 or more.").waitFor();
    assert.equal((await tokens()).length, 0);
  });

  test("shows why it pauses, and for how long", async () => {
    const limited = { status: 429, headers: { "retry-after": "3" }, body: { errors: [] } };
    await site.control.fault({ operation: "create", ...limited });
    const pause = page.getByText(
      /Paused: Clerk’s rate limit is reached\. The run continues in [123] s\./,
    );
    await Promise.all([pause.waitFor(), startRun(page, userIds(15).join("\n"))]);
    await finished();
    assert.equal(await count(page, "Created"), 15);
  });

  test("counts down to the next request in an outage", async () => {
    await site.control.fault({ operation: "create", status: 503, body: "down", times: 12 });
    // No answer to a request from before the pause ends it.
    await holdAfter(0, site.control);
    await startRun(page, userIds(16).join("\n"));
    await page
      .getByText(/Paused: too many requests failed in a row\. .* tries one in [1-4] s\./)
      .waitFor();
    await site.control.release();
    await finished();
    assert.deepEqual([await count(page, "Unknown"), await count(page, "Created")], [12, 4]);
  });

  test("stops at a refused key with one message", async () => {
    await site.control.fault({ status: 401, body: { errors: [] }, times: 100 });
    await startRun(page, userIds(40).join("\n"));
    await heading(page, "Run stopped").waitFor();
    assert.equal(await page.getByText("does not accept the secret key").count(), 1);
    assert.ok((await site.control.requests()).length <= 20);
    assert.deepEqual([await count(page, "Failed"), await count(page, "Not started")], [0, 40]);
    assert.equal((await progress()).value, 0);
    await site.control.clearFaults();
    await button(page, "Create the rest (40)").click();
    await finished();
    assert.equal((await tokens()).length, 40);
  });

  test("continues after a login when the session ends", async () => {
    // At most 10 + 20 requests are sent before the session ends.
    await holdAfter(10, site.control);
    await startRun(page, userIds(40).join("\n"));
    await page.waitForFunction(() => document.querySelector("progress").value > 3);
    await page.context().clearCookies();
    await site.control.release();
    await heading(page, "Log in").waitFor();
    await logIn(page);
    await finished();
    assert.equal((await tokens()).length, 40);
  });

  test("tells failed from unknown, and retries only failed", async () => {
    const [a, b] = userIds(6);
    await site.control.fault({
      operation: "create",
      status: 502,
      body: "<h1>bad gateway</h1>",
      effect: true,
    });
    await site.control.fault({
      operation: "create",
      status: 422,
      body: { errors: [{ code: "x", message: "no", long_message: "This user is banned" }] },
    });
    await startRun(page, userIds(6).join("\n"));
    await finished();
    const counted = async () =>
      Promise.all(["Created", "Failed", "Unknown"].map((name) => count(page, name)));
    assert.deepEqual(await counted(), [4, 1, 1]);
    await heading(page, "1 link may have been created").waitFor();
    await page.getByRole("button", { name: /^Failed/ }).click();
    await page.getByRole("row", { name: /This user is banned\./ }).waitFor();
    await button(page, "Retry failed (1)").click();
    await finished();
    assert.deepEqual(await counted(), [5, 0, 1]);
    const perUser = (await tokens()).map(({ user_id }) => user_id);
    assert.deepEqual([perUser.length, new Set(perUser).size], [6, 6], "nobody has two");
    assert.ok(perUser.includes(a) && perUser.includes(b));
  });
});

test("a double click starts one run", async () => {
  await site.control.fault({ operation: "create", status: 422, body: { errors: [] } });
  await startRun(page, userIds(3).join("\n"));
  await finished();
  await button(page, "Retry failed (1)").evaluate((element) => {
    element.click();
    element.click();
  });
  await finished();
  assert.equal(await count(page, "Created"), 3);
  assert.equal((await site.control.requests()).length, 4);
});

describe("an unknown row", () => {
  const html = { operation: "create", body: "<h1>Not here</h1>" };

  async function startUnknown(...answers) {
    for (const answer of answers) await site.control.fault({ ...html, ...answer });
    await startRun(page, userIds(answers.length).join("\n"));
    await finished();
    assert.equal(await count(page, "Unknown"), answers.length);
  }

  async function createAgain(rows) {
    await button(page, `Create again (${rows})`).click();
    await confirm(page, "Create again");
  }

  test("follows a proxy's refusal, which may hide a token", async () => {
    await startUnknown({ status: 404, effect: true }, { status: 403 }, { status: 400 });
    await heading(page, "3 links may have been created").waitFor();
    await page
      .getByRole("row", { name: /The answer did not come from Clerk/ })
      .first()
      .waitFor();
    assert.equal(await page.getByRole("button", { name: /^Retry/ }).count(), 0);
    assert.equal((await tokens()).length, 1);
  });

  test("stays unknown when it is created again and the run stops", async () => {
    await startUnknown({ status: 502, headers: { "cf-ray": "first-EMU" } }, { status: 502 });
    await site.control.fault({ status: 401, body: { errors: [] }, times: 2 });
    await createAgain(2);
    await heading(page, "Run stopped").waitFor();
    assert.equal(await count(page, "Unknown"), 2);
    assert.equal(
      await page.getByRole("button", { name: /^(Not started|Create the rest)/ }).count(),
      0,
    );
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
    await startUnknown(...Array.from({ length: 3 }, () => ({ status: 502 })));
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

  test("stays unknown when it is created again and Clerk refuses, until a token comes", async () => {
    await startUnknown({ status: 502, effect: true });
    const error = { code: "x", message: "no", long_message: "This user is banned" };
    await site.control.fault({ operation: "create", status: 422, body: { errors: [error] } });
    await createAgain(1);
    await finished();
    const said = /Clerk answered with a server error\. Created again: This user is banned\./;
    await page.getByRole("row", { name: said }).waitFor();
    assert.deepEqual([await count(page, "Unknown"), await count(page, "Failed")], [1, 0]);
    await createAgain(1);
    await finished();
    assert.deepEqual([await count(page, "Unknown"), await count(page, "Created")], [0, 1]);
  });
});
