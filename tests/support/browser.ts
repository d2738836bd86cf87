// Manages the Chromium that the tests of a file share: records its console, and replaces it if it
// crashes.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

import { browser, CHROMIUM_FLAGS } from "../../scripts/browser.ts";

const artifacts = fileURLToPath(new URL("../artifacts", import.meta.url));

/** How long to wait for the event of a crash after the errors that it causes, in milliseconds. */
const NOTICE = 1000;

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

/** The body of a test. */
type Body<Context = TestContext> = (context: Context) => unknown;

type PageOptions = BrowserContextOptions & {
  cookies?: Parameters<BrowserContext["addCookies"]>[0];
};

class SharedBrowser {
  /** The texts that pages wrote to the console. They must contain no secret and no error. */
  consoleTexts: string[] = [];
  #launching: Promise<Browser> | undefined;
  #deaths = 0;

  /** Opens `url` with `cookies` set. `options` are those of Playwright's contexts. */
  async open(url: string, { cookies = [], ...options }: PageOptions = {}) {
    const open = async () => {
      const context = await this.newContext(options);
      await context.addCookies(cookies);
      return this.openIn(context, url);
    };
    return this.#unlessDead(open, open);
  }

  async newContext(options: BrowserContextOptions) {
    const instance = await this.#running();
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

  /** Closes a page and its context. A crashed browser has closed both. */
  async close(page?: Page) {
    if (!page?.context().browser()?.isConnected()) return;
    await this.#unlessDead(
      () => page.context().close(),
      async () => {},
    );
  }

  async stop() {
    const launching = this.#launching;
    this.#launching = undefined;
    await (await launching)?.close();
  }

  /**
   * Returns `test` for bodies that use the browser. If the browser crashes during a test, the test
   * runs once more, after `restore`, because a bug in Chromium is not a bug in the page. Any other
   * failure counts. With `inSequence`, a test depends on the tests before it, which then run once
   * more too.
   */
  tests(restore: () => unknown, { inSequence = false } = {}) {
    const done: Body[] = [];
    return (name: string, body: Body) =>
      test(name, async (context) => {
        await this.onceMore(context, body, async () => {
          await restore();
          for (const earlier of done) await earlier(context);
        });
        if (inSequence) done.push(body);
      });
  }

  /** Runs a test's body. If the browser crashes, runs `restore` and the body once more. */
  onceMore<Context extends Pick<TestContext, "name" | "diagnostic">>(
    context: Context,
    body: Body<Context>,
    restore: () => unknown,
  ) {
    return this.#unlessDead(
      () => body(context),
      async () => {
        context.diagnostic(`Chromium crashed in "${context.name}", which runs once more.`);
        await restore();
        await body(context);
      },
    );
  }

  /** Returns the result of `run`, or of `otherwise` if `run` failed because the browser crashed. */
  async #unlessDead<Result>(run: () => Result, otherwise: () => Result) {
    const deaths = this.#deaths;
    try {
      return await run();
    } catch (error) {
      for (let waited = 0; waited < NOTICE && this.#deaths === deaths; waited += 50)
        await sleep(50);
      if (this.#deaths === deaths) throw error;
      return otherwise();
    }
  }

  /** Returns the running browser. Launches one if there is none, or after a crash. */
  #running() {
    this.#launching ??= launch().then((instance) => {
      instance.on("disconnected", () => {
        // stop() was called: this is not a crash.
        if (this.#launching === undefined) return;
        this.#launching = undefined;
        this.#deaths++;
      });
      return instance;
    });
    return this.#launching;
  }
}

/**
 * Returns the console's texts without Chromium's own notes about statuses of 400 and above and
 * about password forms without a user name.
 */
export function ownTexts({ consoleTexts }: Pick<SharedBrowser, "consoleTexts">) {
  return consoleTexts.filter((text) => !/^Failed to load resource|^\[DOM\]/.test(text));
}

export async function screenshot(page: Page, name: string) {
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({
    path: join(artifacts, `${name}.png`),
    fullPage: true,
    animations: "disabled",
  });
}
