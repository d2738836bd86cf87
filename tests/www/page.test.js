// The admin page in Chromium, from the login to a bulk run in an outage.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, beforeEach, describe, test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";

import { SECRET_KEY } from "../../emulator/server.js";
import { logIn, screenshot, startBrowser, startSite } from "../support/site.js";

let site, chromium, page;

const text = (selector) => page.locator(selector).innerText();
const waitFor = (selector, expected) =>
  page.locator(selector).filter({ hasText: expected }).first().waitFor();
const ticketUrl = async () => {
  await page.getByRole("button", { name: "Reveal" }).click();
  return page.getByLabel("Ticket URL", { exact: true }).inputValue();
};

async function create(userId) {
  await page.getByLabel("User id", { exact: true }).fill(userId);
  await page.getByRole("button", { name: "Create token", exact: true }).click();
}

async function createMany(list) {
  await page.getByLabel(/User ids, one a line/).fill(list);
  await page.getByRole("button", { name: "Create tokens" }).click();
}

async function revoke(userId) {
  await page.getByRole("button", { name: `Revoke the token for ${userId}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
}

async function csv() {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  return (await readFile(await download.path(), "utf8"))
    .replace(/^\uFEFF/, "")
    .split("\r\n")
    .map((line) => line.split(","));
}

before(async () => {
  [site, chromium] = await Promise.all([startSite(), startBrowser()]);
  page = await chromium.open(site.url);
});
beforeEach(() => site.control.reset());
after(async () => {
  await chromium?.stop();
  await site?.stop();
});

test("asks for the password, and takes no other", async () => {
  await logIn(page, "a wrong password");
  await waitFor("#login [role=alert]", "That is not the password.");
  assert.ok(await page.locator("main").isHidden());
  await logIn(page);
  await page.getByRole("heading", { name: "Create one" }).waitFor();
});

test("creates a token that signs in, once; then it cannot be revoked", async () => {
  await create("user_anna");
  await page.getByRole("heading", { name: "Token for user_anna" }).waitFor();
  assert.ok(!(await page.content()).includes("ticket="), "hidden until it is revealed");
  const url = await ticketUrl();
  assert.ok(await page.getByRole("img", { name: "QR code" }).isVisible());

  const visitor = await chromium.open(url);
  assert.equal(await visitor.locator("h1").innerText(), "Signed in");
  await visitor.context().close();

  await revoke("user_anna");
  await waitFor("#revoke-problem", "cannot be revoked");
  assert.match(await text("#revoke-problem"), /Nothing was revoked[^]*trace id/);
  assert.equal(await text("#tokens tbody .status"), "accepted");
});

test("revokes a token, which then signs nobody in", async () => {
  await create("user_bert");
  await page.getByRole("heading", { name: "Token for user_bert" }).waitFor();
  const url = await ticketUrl();
  await revoke("user_bert");
  await waitFor("#tokens tbody tr:first-child", "revoked");
  await page.locator("#created").waitFor({ state: "hidden" });
  const visitor = await chromium.open(url);
  assert.equal(await visitor.locator("h1").innerText(), "Sign-in failed");
  await visitor.context().close();
});

test("the end of one token does not hide the next one", async () => {
  await create("user_one");
  await page.getByRole("heading", { name: "Token for user_one" }).waitFor();
  await revoke("user_one");
  await waitFor("#tokens tbody tr:first-child", "revoked");
  await create("user_two");
  await page.getByRole("heading", { name: "Token for user_two" }).waitFor();
  await page.waitForTimeout(1500);
  assert.ok(await page.getByRole("heading", { name: "Token for user_two" }).isVisible());
});

test("a confirmation that is declined revokes nothing", async () => {
  await create("user_carl");
  await page.getByRole("button", { name: "Revoke the token for user_carl" }).click();
  await page.keyboard.press("Escape");
  await page.locator("#confirm").waitFor({ state: "hidden" });
  assert.equal((await site.control.tokens())[0].status, "pending");
});

describe("says what went wrong", () => {
  test("with the user", async () => {
    await create("user_unknown_to_us");
    await page.getByRole("heading", { name: "Token for" }).waitFor();
    await site.control.fault({
      status: 404,
      body: {
        errors: [
          { code: "resource_not_found", message: "not found", long_message: "No user was found." },
        ],
        clerk_trace_id: "abc123",
      },
    });
    await create("user_nobody");
    await waitFor("#create-problem", "No user was found.");
    assert.match(await text("#create-problem"), /Not found[^]*Nothing was created[^]*abc123/);
  });

  test("and counts down a rate limit", async () => {
    await site.control.fault({
      status: 429,
      headers: { "retry-after": "2" },
      body: { errors: [] },
    });
    await create("user_dora");
    await waitFor("#create-problem button", /Try again in [12] s/);
    const again = page
      .locator("#create-problem")
      .getByRole("button", { name: "Try again", exact: true });
    await again.click();
    await page.getByRole("heading", { name: "Token for user_dora" }).waitFor();
  });

  test("and whether a token may exist, in an outage", async () => {
    await site.control.fault({ status: 503, body: "<h1>down</h1>", effect: true });
    await create("user_emil");
    await waitFor("#create-problem", "A token may have been created that nobody holds");
    await screenshot(page, "problem-light");
  });

  test("and what cannot be an id, before anything is sent", async () => {
    await create("emil@example.com");
    assert.ok(
      await page.getByLabel("User id", { exact: true }).evaluate((input) => !input.validity.valid),
    );
    assert.equal((await site.control.requests()).length, 0);
  });
});

describe("a list", () => {
  test("is previewed, and each line has its result", async () => {
    const list = "\uFEFFuser_1\r\n\r\nuser_2\r\nno id\r\nuser_1\r\n";
    await page.getByLabel(/User ids, one a line/).fill(list);
    await waitFor("#bulk-preview", "2 to create, 2 not usable (line 4: not a user ID");
    await createMany(list);
    await waitFor("#bulk-state", "4 of 4, 2 created, 2 not created. Done.");
    const [, ...rows] = await csv();
    assert.deepEqual(
      rows.map(([line, user, result]) => [line, user, result]),
      [
        ["1", "user_1", "created"],
        ["3", "user_2", "created"],
        ["4", "no id", "not usable"],
        ["5", "user_1", "not usable"],
      ],
    );
    assert.equal((await site.control.tokens()).length, 2);
  });

  test("may come as a file, and waits out a 429 in the middle", async () => {
    await site.control.fault({
      operation: "create",
      status: 429,
      headers: { "retry-after": "1" },
      times: 2,
    });
    const content = `user_id,org_id\n${Array.from({ length: 15 }, (_, n) => `user_${n},org_1`).join("\n")}`;
    await page
      .getByLabel(/or a file/)
      .setInputFiles({ name: "users.csv", mimeType: "text/csv", buffer: Buffer.from(content) });
    await page.getByRole("button", { name: "Create tokens" }).click();
    await waitFor("#bulk-state", "15 of 15, 15 created. Done.");
    assert.ok(
      (await site.control.requests())
        .slice(2)
        .every(({ body }) => JSON.parse(body).org_id === "org_1"),
    );
  });

  test("can be cancelled, and tells what was not begun", async () => {
    await createMany(Array.from({ length: 300 }, (_, n) => `user_${n}`).join("\n"));
    await waitFor("#bulk-state", /\d+ created/);
    await page.getByRole("button", { name: "Cancel" }).click();
    await waitFor("#bulk-state", "300 of 300");
    assert.match(await text("#bulk-state"), /Cancelled/);
    const results = (await csv()).slice(1).map(([, , result]) => result);
    const created = results.filter((result) => result === "created").length;
    assert.deepEqual([results.length, created], [300, (await site.control.tokens()).length]);
    assert.equal(results.filter((result) => result === "not begun").length, 300 - created);
  });

  test("goes on after a login where the session ends", async () => {
    await createMany(Array.from({ length: 40 }, (_, n) => `user_${n}`).join("\n"));
    await waitFor("#bulk-state", /[1-9]\d* created/);
    await page.context().clearCookies();
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    await logIn(page);
    await waitFor("#bulk-state", "40 of 40, 40 created. Done.");
    assert.equal((await site.control.tokens()).length, 40);
  });

  test("in an outage is no soup: what may exist is told apart", async () => {
    await site.control.fault({ status: 502, body: "<h1>bad gateway</h1>", times: 3 });
    await createMany("user_1\nuser_2\nuser_3\nuser_4");
    await waitFor("#bulk-state", "4 of 4, 1 created, 3 unknown. Done.");
  });

  test("of 10,000 lines is read at once", async () => {
    const list = Array.from({ length: 10_000 }, (_, n) => (n % 2 ? `user_${n}` : `bad ${n}`)).join(
      "\n",
    );
    await page.getByLabel(/User ids, one a line/).evaluate((area, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text", text);
      area.select();
      area.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
      );
    }, list);
    await waitFor("#bulk-preview", "5,000 to create, 5,000 not usable (line 1");
    await page.getByLabel(/User ids, one a line/).fill("");
  });
});

test("an ended session is a login, after which the work is done", async () => {
  await page.context().clearCookies();
  await create("user_fred");
  await waitFor("#login-why", "Your session has ended");
  assert.equal((await site.control.requests()).length, 0);
  await logIn(page);
  await page.getByRole("heading", { name: "Token for user_fred" }).waitFor();
});

for (const [name, options] of [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  [
    "phone",
    { colorScheme: "light", viewport: { width: 375, height: 800 }, isMobile: true, hasTouch: true },
  ],
]) {
  test(`has no accessibility problem that axe can find, and fits: ${name}`, async () => {
    const own = await chromium.open(site.url, options);
    await own.getByRole("heading", { name: "Log in" }).waitFor();
    await check(own, `login-${name}`);
    await logIn(own);
    const before = page;
    page = own;
    await create("user_grete");
    await own.getByRole("heading", { name: "Token for user_grete" }).waitFor();
    await ticketUrl();
    await createMany("user_1\nuser_2\noops");
    await waitFor("#bulk-state", "Done.");
    await check(own, `page-${name}`);
    page = before;
    await own.context().close();
  });
}

test("keeps secrets out of the console, the storage and the address", async () => {
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]),
  );
  assert.ok(!/ticket|eyJ|sk_/.test(stored), stored);
  // Chromium itself notes answers of 400 and above, and password forms without a user's name.
  const own = chromium.consoleTexts.filter(
    (line) => !/^Failed to load resource|^\[DOM\]/.test(line),
  );
  assert.deepEqual(own, []);
  assert.ok(!site.output().includes(SECRET_KEY));
});

async function check(own, name) {
  await screenshot(own, name);
  const { violations } = await new AxeBuilder({ page: own }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
    [],
  );
  const [width, content] = await own.evaluate(() => [
    innerWidth,
    document.documentElement.scrollWidth,
  ]);
  assert.ok(content <= width, `${content} px wide in a window of ${width}`);
}
