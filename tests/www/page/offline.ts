// Tests the admin page without a connection: what was not sent, and what is asked for again.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { holdAfter } from "../../support/hold-after.ts";
import { USER, userIds } from "../on-page.ts";
import { on, page, site, testIn, tokens, users } from "./per-test.ts";

const test = testIn("New link");

/** Takes the connection away or gives it back, and waits until the page has noticed. */
async function setOffline(isOffline: boolean) {
  const noticed = await page.evaluateHandle(
    (type) => ({ event: new Promise((resolve) => addEventListener(type, resolve)).then(() => {}) }),
    isOffline ? "offline" : "online",
  );
  await page.context().setOffline(isOffline);
  await noticed.evaluate(({ event }) => event);
}

/**
 * Breaks the connections of the next creates once the Worker has answered. Counts itself: with
 * Playwright's `times`, the last request continues as if there were no route.
 */
const loseAnswer = (times: number) =>
  page.route("**/v1/sign_in_tokens", async (route) => {
    if (times-- <= 0) return route.continue();
    await route.fetch();
    return route.abort();
  });

describe("offline", () => {
  test("a link is not sent for, and the page says so", async () => {
    await setOffline(true);
    await on.create(USER);
    const text = await on.alert("You are offline").innerText();
    assert.match(text, /Nothing was sent\. No link was created\./);
    assert.equal(await page.getByText("may have been created").count(), 0);
    await setOffline(false);
    await on.button("Try again").click();
    await on.heading("Link created").waitFor();
    assert.equal((await tokens()).length, 1);
  });

  test("a run pauses, then continues: no row is unknown", async () => {
    await holdAfter(10, site.control);
    await on.startRun(userIds(40).join("\n"));
    await on.progressed(10);
    await setOffline(true);
    await page.getByText("Paused: you are offline.").waitFor();
    await site.control.release();
    await setOffline(false);
    await on.finished({ Created: 40, Unknown: 0 });
    assert.deepEqual(await users(), userIds(40));
  });

  test("a run can be cancelled, and its rows are not started", async () => {
    await setOffline(true);
    await on.startRun(userIds(5).join("\n"));
    await page.getByText("Paused: you are offline.").waitFor();
    await on.button("Cancel").click();
    await on.finished({ "Not started": 5 }, "Run cancelled");
    assert.equal((await tokens()).length, 0);
  });

  test("the history shows one message", async () => {
    await setOffline(true);
    await on.goTo("History");
    await on.alert("The history could not be read. You are offline.").waitFor();
    assert.equal(await page.getByText("No links yet.").count(), 0);
  });
});

describe("a lost answer", () => {
  test("is asked for once more by itself, which makes no second link", async () => {
    await loseAnswer(1);
    await on.create(USER);
    await on.heading("Link created").waitFor();
    assert.equal((await tokens()).length, 1);
  });

  test("can be asked for again with Enter, which makes no second link", async () => {
    await loseAnswer(2);
    await on.create(USER);
    await on.alert("A link may have been created").waitFor();
    assert.match((await on.button("Ask again").getAttribute("class")) ?? "", /primary/);
    await page.keyboard.press("Enter");
    await on.heading("Link created").waitFor();
    assert.equal((await tokens()).length, 1);
  });

  test("that named the link gets another one, with which the link can be revoked", async () => {
    await loseAnswer(2);
    await on.create(USER);
    await on.alert("A link may have been created").waitFor();
    // Another reason makes another request, which the answer in memory does not answer.
    await page.getByLabel(/Reason/).fill("TICKET-1");
    await on.button("Ask again").click();
    const said = on.alert("The link was created before");
    await said.getByRole("button", { name: "Revoke" }).click();
    await on.confirm("Revoke link");
    await page.getByText("The link was revoked.").waitFor();
    const [{ status }, ...others] = await tokens();
    assert.deepEqual([status, others], ["revoked", []]);
  });

  test("of a run is asked for again by a button, which makes no second link", async () => {
    await loseAnswer(4);
    await on.startRun(userIds(2).join("\n"));
    await on.finished({ Unknown: 2 });
    await on.button("Ask again (2)").click();
    await on.finished({ Created: 2 });
    assert.equal((await tokens()).length, 2);
  });
});
