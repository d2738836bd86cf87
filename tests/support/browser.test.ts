// Tests that a crashed Chromium is replaced, and that only the test in which it crashed runs once
// more.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { useBrowser } from "./browser.ts";
import type { Page } from "playwright-core";

const chromium = useBrowser();
const page = () => chromium.open("data:text/html,<title>here</title>");

let runs: { body: number; restore: number };
let said: string[];
beforeEach(() => {
  runs = { body: 0, restore: 0 };
  said = [];
});

/** Crashes the browser's process. */
async function crash(page: Page) {
  const session = await page.context().browser()?.newBrowserCDPSession();
  await session?.send("Browser.crash").catch(() => {});
}

/** Runs a test whose body calls `act(page, run)`. `run` is 1 the first time. */
async function onceMore(act: (page: Page, run: number) => unknown) {
  const context = { name: "it", diagnostic: (text: string) => void said.push(text) };
  const body = async () => act(await page(), ++runs.body);
  await chromium.onceMore(context, body, () => void runs.restore++);
}

test("a crashed browser is replaced, and its pages close without an error", async () => {
  const first = await page();
  await crash(first);
  await chromium.close(first);
  const second = await page();
  assert.equal(await second.title(), "here");
  await chromium.close(second);
});

test("a test in which the browser crashes runs once more, and reports it", async () => {
  await onceMore(async (page, run) => {
    if (run === 1) await crash(page);
    assert.equal(await page.title(), "here");
  });
  assert.deepEqual(runs, { body: 2, restore: 1 });
  assert.deepEqual(said, ['Chromium crashed in "it", which runs once more.']);
});

test("a test in which the browser crashes twice fails", async () => {
  const dying = onceMore(async (page) => {
    await crash(page);
    await page.title();
  });
  await assert.rejects(dying, /closed|crashed/);
  assert.deepEqual(runs, { body: 2, restore: 1 });
});

test("a test that fails without a crash does not run again", async () => {
  const failing = onceMore(async (page) => assert.equal(await page.title(), "elsewhere"));
  await assert.rejects(failing, { code: "ERR_ASSERTION" });
  assert.deepEqual([runs, said], [{ body: 1, restore: 0 }, []]);
});

test("a crash of a page's process does not count as a crash of the browser", async () => {
  const failing = onceMore(async (page) => {
    const session = await page.context().newCDPSession(page);
    session.send("Page.crash").catch(() => {});
    await page.waitForEvent("crash");
    await page.reload();
  });
  await assert.rejects(failing, /crash/i);
  assert.deepEqual(runs, { body: 1, restore: 0 });
});
