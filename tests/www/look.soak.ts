// Tests every state of the page in each look, with axe, for contrast and for what is cut off; and
// the ring around what has the focus. Takes a screenshot of each state.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";

import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContextOptions, Page } from "playwright-core";

import { screenshot, useBrowser } from "../support/browser.ts";
import { loggedInCookies, logIn, type Site, startSite } from "../support/site.ts";
import { controls, cutOff, edgeContrast, ring } from "./contrast.ts";
import { OnPage, USER, userIds } from "./on-page.ts";
import { STATES } from "./states.ts";

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 320, height: 640 };
const LOOKS: Record<string, BrowserContextOptions> = {
  light: { colorScheme: "light", viewport: DESKTOP },
  dark: { colorScheme: "dark", viewport: DESKTOP },
  tablet: { colorScheme: "light", viewport: { width: 768, height: 1024 } },
  phone: { colorScheme: "light", viewport: PHONE, isMobile: true, hasTouch: true },
};

const chromium = useBrowser();
let site: Site;
let page: Page;
let on: OnPage;

before(async () => {
  site = await startSite();
});
after(() => site?.stop());

async function open(options: BrowserContextOptions) {
  await site.control.reset();
  page = await chromium.open(site.url, { cookies: await loggedInCookies(site), ...options });
  on = new OnPage(page);
}

for (const [look, options] of Object.entries(LOOKS)) {
  describe(look, () => {
    const test = chromium.tests(() => open(options), { inSequence: true });
    before(() => open(options));
    after(() => chromium.close(page));

    test("login, refused", async () => {
      const visitor = await chromium.open(site.url, options);
      await logIn(visitor, "a wrong password");
      const refused = visitor.getByText(/Wrong password|Too many attempts/);
      await refused.first().waitFor();
      await check(visitor, "login", look);
      await chromium.close(visitor);
    });

    for (const [state, reach] of Object.entries(STATES))
      test(state, () =>
        reach(
          on,
          async (name, options) => {
            await check(page, name, look, options);
            if (name === "link" && look === "light" && process.env.UPDATE_DOCS)
              await documentationScreenshot();
          },
          site.control,
        ),
      );
  });
}

const test = chromium.tests(() => site.control.reset());

for (const colorScheme of ["light", "dark"] as const) {
  test(`every focus ring has 3:1 contrast: ${colorScheme}`, async () => {
    await site.control.reset();
    page = await chromium.open(site.url, { colorScheme });
    await page.getByLabel("Password").waitFor();
    await checkRings(2);
    await chromium.close(page);
    await open({ colorScheme });
    for (const view of ["New link", "Bulk", "History"]) {
      await on.goTo(view);
      await checkRings(8);
    }
    await on.goTo("New link");
    await on.created(USER);
    await checkRings(10);
    await on.button("Revoke").click();
    await checkRings(2);
    await page.keyboard.press("Escape");
    await on.startRun(userIds(30).join("\n"));
    await on.finished();
    await checkRings(12);
    await on.goTo("History");
    await on.button("Details").first().click();
    await on.button("Revoke by token ID").click();
    await checkRings(10);
    await chromium.close(page);
  });
}

test("a full-length ID fits its field at 320 px", async () => {
  await open(LOOKS.phone);
  const field = on.userField;
  await field.fill(USER);
  const [scrolled, client] = await field.evaluate((box) => [box.scrollWidth, box.clientWidth]);
  assert.ok(scrolled <= client, `${scrolled} px in ${client}`);
  await chromium.close(page);
});

/** Goes through the page by Tab, and measures the ring around each control, `atLeast` so many. */
async function checkRings(atLeast: number) {
  const seen = new Set<string>();
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(ring);
    if (!found || seen.has(found.name)) continue;
    seen.add(found.name);
    const contrast = edgeContrast(found);
    assert.ok(contrast >= 3, `${found.name}: ${contrast.toFixed(2)} ${JSON.stringify(found)}`);
  }
  assert.ok(seen.size >= atLeast, [...seen].join());
}

/** Writes the README's screenshot. */
async function documentationScreenshot() {
  await page.setViewportSize({ width: 1120, height: 560 });
  await page.screenshot({ path: fileURLToPath(new URL("../../docs/admin.png", import.meta.url)) });
  await page.setViewportSize(DESKTOP);
}

async function check(
  own: Page,
  name: string,
  look: string,
  { isMoving = false }: { isMoving?: boolean } = {},
) {
  // Hovered controls look different.
  await own.mouse.move(0, 0);
  await screenshot(own, `${name}-${look}`);
  const state = `${name}, ${look}`;
  for (const control of await own.evaluate(controls)) {
    const contrast = edgeContrast(control);
    // 1 means a control without an edge: axe measures its text.
    const isSeen = contrast >= 3 || contrast === 1;
    assert.ok(isSeen, `${state}: the edge of ${control.name} has ${contrast.toFixed(2)}:1`);
  }
  assert.deepEqual(await own.evaluate(cutOff), [], `${state}: something is cut off`);
  const [width, content] = await own.evaluate(() => [
    innerWidth,
    document.documentElement.scrollWidth,
  ]);
  assert.ok(content <= width, `${state}: ${content} px wide in a window of ${width}`);
  assert.doesNotMatch(await own.innerText("body"), /\bids?\b/, `${state}: ID is in capitals`);
  // A run moves on while axe works.
  if (isMoving) return;
  // Without frames, axe needs no second page to gather its results in.
  const { violations } = await new AxeBuilder({ page: own }).setLegacyMode(true).analyze();
  const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  assert.deepEqual(found, [], state);
}
