// Tests every state of the page in each look, with axe, for contrast and for what is cut off; and
// the ring around what has the focus. Takes a screenshot of each state.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContextOptions, Page } from "playwright-core";

import { useBrowser } from "../support/browser.ts";
import { loggedInCookies, logIn, useSite } from "../support/site.ts";
import { CONTROLS, cutOff, edgeContrast, edges } from "./contrast.ts";
import { OnPage } from "./on-page.ts";
import { STATES } from "./states.ts";

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 320, height: 640 };
const LOOKS: Record<string, BrowserContextOptions> = {
  light: { colorScheme: "light", viewport: DESKTOP },
  dark: { colorScheme: "dark", viewport: DESKTOP },
  tablet: { colorScheme: "light", viewport: { width: 768, height: 1024 } },
  phone: { colorScheme: "light", viewport: PHONE, isMobile: true, hasTouch: true },
};

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** States in which the rings are measured, with the least number of controls there. */
const RINGS: Record<string, number> = {
  login: 2,
  "new-link": 8,
  "link-revealed": 10,
  question: 2,
  bulk: 8,
  "run-finished": 12,
  history: 10,
};

const chromium = useBrowser();
const site = await useSite();
let page: Page;

for (const [look, options] of Object.entries(LOOKS))
  test(`every state, ${look}`, async () => {
    page = await chromium.open(site.url, options);
    await logIn(page, "a wrong password");
    await page
      .getByText(/Wrong password|Too many attempts/)
      .first()
      .waitFor();
    await check("login", look);
    await chromium.close(page);
    page = await chromium.open(site.url, { cookies: await loggedInCookies(site), ...options });
    const checkState = async (name: string, isMoving?: boolean) => {
      await check(name, look, isMoving);
      if (name === "link" && look === "light" && process.env.UPDATE_DOCS)
        await documentationScreenshot();
    };
    for (const reach of STATES) await reach(new OnPage(page), checkState, site.control);
    await chromium.close(page);
  });

/** Goes through the page by Tab, and measures the ring around each control, `atLeast` so many. */
async function checkRings(state: string, atLeast: number) {
  if (atLeast === 0) return;
  const seen = new Set<string>();
  // From the top of the page; in a question, whose page is inert, from where it is.
  await page.evaluate(() => document.querySelector<HTMLElement>("a, button")?.focus());
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press("Tab");
    for (const ring of await page.evaluate(edges, ":focus")) {
      if (seen.has(ring.name)) continue;
      seen.add(ring.name);
      const contrast = edgeContrast(ring);
      assert.ok(
        contrast >= 3,
        `${state}: ${ring.name}: ${contrast.toFixed(2)} ${JSON.stringify(ring)}`,
      );
    }
  }
  assert.ok(seen.size >= atLeast, `${state}: ${[...seen].join()}`);
}

/** Writes the README's screenshot. */
async function documentationScreenshot() {
  await page.setViewportSize({ width: 1120, height: 560 });
  await page.screenshot({ path: pathOf("../../docs/admin.png") });
  await page.setViewportSize(DESKTOP);
}

async function check(name: string, look: string, isMoving = false) {
  // Hovered controls look different.
  await page.mouse.move(0, 0);
  const path = pathOf(`../artifacts/${name}-${look}.png`);
  await page.screenshot({ path, fullPage: true, animations: "disabled" });
  const state = `${name}, ${look}`;
  for (const control of await page.evaluate(edges, CONTROLS)) {
    const contrast = edgeContrast(control);
    // 1 means a control without an edge: axe measures its text.
    const isSeen = contrast >= 3 || contrast === 1;
    assert.ok(isSeen, `${state}: the edge of ${control.name} has ${contrast.toFixed(2)}:1`);
  }
  assert.deepEqual(await page.evaluate(cutOff), [], `${state}: something is cut off`);
  assert.doesNotMatch(await page.innerText("body"), /\bids?\b/, `${state}: ID is in capitals`);
  // A run moves on while axe works.
  if (isMoving) return;
  // Without frames, axe needs no second page to gather its results in.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  assert.deepEqual(found, [], state);
  if (look === "light" || look === "dark") await checkRings(state, RINGS[name] ?? 0);
}
