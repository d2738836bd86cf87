// Opens the pages of a test file in one Chromium, and records their console.
import { after } from "node:test";

import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

import { browser, CHROMIUM_FLAGS } from "../../scripts/browser.ts";

/** Launches Chromium, for pages that do not belong to one test. */
export function launch() {
  return chromium.launch({ executablePath: browser().chromium, args: CHROMIUM_FLAGS });
}

/**
 * Returns the browser of a test file. Call it once, at the top. The browser starts with the first
 * page, and stops after the last test.
 */
export function useBrowser() {
  const shared = new SharedBrowser();
  after(() => shared.stop());
  return shared;
}

type PageOptions = BrowserContextOptions & {
  cookies?: Parameters<BrowserContext["addCookies"]>[0];
};

class SharedBrowser {
  /** The texts that pages wrote to the console. They must contain no secret and no error. */
  consoleTexts: string[] = [];
  #launching: Promise<Browser> | undefined;

  /** Opens `url` with `cookies` set. `options` are those of Playwright's contexts. */
  async open(url: string, { cookies = [], ...options }: PageOptions = {}) {
    const context = await this.newContext(options);
    await context.addCookies(cookies);
    return this.openIn(context, url);
  }

  async newContext(options: BrowserContextOptions) {
    const instance = await (this.#launching ??= launch());
    const context = await instance.newContext({ reducedMotion: "reduce", ...options });
    // A busy machine is slow, and no test measures time.
    context.setDefaultTimeout(20_000);
    return context;
  }

  /** Opens `url` in a context that is there. */
  async openIn(context: BrowserContext, url: string) {
    const page = await context.newPage();
    page.on("console", (message) => this.consoleTexts.push(message.text()));
    page.on("pageerror", (error) => this.consoleTexts.push(`uncaught: ${error.message}`));
    await page.goto(url);
    return page;
  }

  /** Closes a page and its context. */
  async close(page?: Page) {
    await page?.context().close();
  }

  async stop() {
    await (await this.#launching)?.close();
  }
}

/**
 * Returns the console's texts without Chromium's own notes about statuses of 400 and above and
 * about password forms without a user name.
 */
export function ownTexts({ consoleTexts }: Pick<SharedBrowser, "consoleTexts">) {
  return consoleTexts.filter((text) => !/^Failed to load resource|^\[DOM\]/.test(text));
}
