// A Chromium whose process dies: it is replaced, and only a test in which it died runs once more.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { useBrowser } from "./browser.js";

const chromium = useBrowser();
const page = () => chromium.open("data:text/html,<title>here</title>");

let runs, said;
beforeEach(() => {
  runs = { body: 0, restore: 0 };
  said = [];
});

/** Ends the browser's process, as a bug in it would. */
async function crash(page) {
  const session = await page.context().browser().newBrowserCDPSession();
  await session.send("Browser.crash").catch(() => {});
}

/** Runs a test whose body does `act(page, run)`, `run` being 1 the first time. */
async function onceMore(act) {
  const context = { name: "it", diagnostic: (text) => said.push(text) };
  const body = async () => act(await page(), ++runs.body);
  await chromium.onceMore(context, body, () => void runs.restore++);
}

test("another takes its place, and its pages are closed without an error", async () => {
  const first = await page();
  await crash(first);
  await chromium.close(first);
  const second = await page();
  assert.equal(await second.title(), "here");
  await chromium.close(second);
});

test("a test in which it dies runs once more, and says so", async () => {
  await onceMore(async (page, run) => {
    if (run === 1) await crash(page);
    assert.equal(await page.title(), "here");
  });
  assert.deepEqual(runs, { body: 2, restore: 1 });
  assert.deepEqual(said, ['Chromium died in "it", which runs once more.']);
});

test("a test in which it dies again fails", async () => {
  const dying = onceMore(async (page) => {
    await crash(page);
    await page.title();
  });
  await assert.rejects(dying, /closed|crashed/);
  assert.deepEqual(runs, { body: 2, restore: 1 });
});

test("a test that fails while it lives does not run again", async () => {
  const failing = onceMore(async (page) => assert.equal(await page.title(), "elsewhere"));
  await assert.rejects(failing, { code: "ERR_ASSERTION" });
  assert.deepEqual([runs, said], [{ body: 1, restore: 0 }, []]);
});

test("a page whose own process dies is not the browser's death", async () => {
  const failing = onceMore(async (page) => {
    const session = await page.context().newCDPSession(page);
    session.send("Page.crash").catch(() => {});
    await page.waitForEvent("crash");
    await page.reload();
  });
  await assert.rejects(failing, /crash/i);
  assert.deepEqual(runs, { body: 1, restore: 0 });
});
