// Tests the admin page without a connection: what was not sent, and what is asked for again.
import assert from "node:assert/strict";
import { describe } from "node:test";

import {
  alert,
  button,
  count,
  create,
  goTo,
  heading,
  startRun,
  USER,
  userIds,
} from "../on-page.js";
import { pagePerTest } from "./page-per-test.js";
import { holdAfter } from "../../support/hold-after.ts";

let site, page;
const { finished, test, tokens } = pagePerTest("", (opened) => ({ site, page } = opened));

const offline = (value) => page.context().setOffline(value);

/**
 * Breaks the connections of the next creates once the Worker has answered. Counts itself: with
 * Playwright's `times`, the last request goes on as if there were no route.
 */
const loseAnswer = (times) =>
  page.route("**/v1/sign_in_tokens", async (route) => {
    if (times-- <= 0) return route.continue();
    await route.fetch();
    return route.abort();
  });

describe("offline", () => {
  test("a link is not sent for, and the page says so", async () => {
    await offline(true);
    await create(page, USER);
    const text = await alert(page, "You are offline").innerText();
    assert.match(text, /Nothing was sent\. No link was created\./);
    assert.equal(await page.getByText("may have been created").count(), 0);
    await offline(false);
    await button(page, "Try again").click();
    await heading(page, "Link created").waitFor();
    assert.equal((await tokens()).length, 1);
  });

  test("a run pauses, then goes on: no row is unknown", async () => {
    await holdAfter(10, site.control);
    await startRun(page, userIds(40).join("\n"));
    await page.waitForFunction(() => document.querySelector("progress").value === 10);
    await offline(true);
    await page.getByText("Paused: you are offline.").waitFor();
    await site.control.release();
    await offline(false);
    await finished();
    assert.deepEqual([await count(page, "Created"), await count(page, "Unknown")], [40, 0]);
    const users = (await tokens()).map(({ user_id: user }) => user);
    assert.deepEqual([users.length, new Set(users).size], [40, 40], "nobody has two");
  });

  test("a run can be cancelled, and its rows are not started", async () => {
    await offline(true);
    await startRun(page, userIds(5).join("\n"));
    await page.getByText("Paused: you are offline.").waitFor();
    await button(page, "Cancel").click();
    await heading(page, "Run cancelled").waitFor();
    assert.equal(await count(page, "Not started"), 5);
    assert.equal((await tokens()).length, 0);
  });

  test("the history shows one message", async () => {
    await offline(true);
    await goTo(page, "History");
    await alert(page, "The history could not be read. You are offline.").waitFor();
    assert.equal(await page.getByText("No links yet.").count(), 0);
    await offline(false);
  });
});

describe("a lost answer", () => {
  test("is asked for once more by itself, which makes no second link", async () => {
    await loseAnswer(1);
    await create(page, USER);
    await heading(page, "Link created").waitFor();
    assert.equal((await tokens()).length, 1);
  });

  test("can be asked for again with Enter, which makes no second link", async () => {
    await loseAnswer(2);
    await create(page, USER);
    await alert(page, "A link may have been created").waitFor();
    assert.match(await button(page, "Ask again").getAttribute("class"), /primary/);
    await page.keyboard.press("Enter");
    await heading(page, "Link created").waitFor();
    assert.equal((await tokens()).length, 1);
  });

  test("of a run is asked for again by a button, which makes no second link", async () => {
    await loseAnswer(4);
    await startRun(page, userIds(2).join("\n"));
    await finished();
    assert.equal(await count(page, "Unknown"), 2);
    await button(page, "Ask again (2)").click();
    await finished();
    assert.equal(await count(page, "Created"), 2);
    assert.equal((await tokens()).length, 2);
  });
});
