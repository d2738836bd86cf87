// The Chromium that a test file shares: its console is listened to, and one that died is replaced.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { browser, CHROMIUM_FLAGS } from "../../scripts/browser.js";

const artifacts = fileURLToPath(new URL("../artifacts", import.meta.url));

/** How long the end of a process may take to arrive after the errors that it causes, in milliseconds. */
const NOTICE = 1000;

/** Launches Chromium, for pages that are no test's own. */
export function launch() {
  return chromium.launch({ executablePath: browser().chromium, args: CHROMIUM_FLAGS });
}

/** The browser of a test file; called once at its top. It starts with the first page, and ends after the last test. */
export function useBrowser() {
  const shared = new SharedBrowser();
  after(() => shared.stop());
  return shared;
}

class SharedBrowser {
  /** What pages wrote to the console: nothing secret may get there, and no error. */
  consoleTexts = [];
  #launching;
  #deaths = 0;

  /** Opens `url`; `cookies` are the browser's from the start, `options` those of Playwright's contexts. */
  async open(url, { cookies = [], ...options } = {}) {
    const open = async () => {
      const instance = await this.#running();
      const context = await instance.newContext({ reducedMotion: "reduce", ...options });
      await context.addCookies(cookies);
      // A machine with other work takes its time; nothing here measures it.
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      page.on("console", (message) => this.consoleTexts.push(message.text()));
      page.on("pageerror", (error) => this.consoleTexts.push(`uncaught: ${error.message}`));
      await page.goto(url);
      return page;
    };
    return this.#unlessDead(open, open);
  }

  /** Closes a page and its context; a browser that is dead has closed both. */
  async close(page) {
    if (!page?.context().browser().isConnected()) return;
    await this.#unlessDead(
      () => page.context().close(),
      () => {},
    );
  }

  async stop() {
    const launching = this.#launching;
    this.#launching = undefined;
    await (await launching)?.close();
  }

  /**
   * Returns `test` for bodies that use the browser. One in which its process died runs once more, after `restore`: a bug of
   * Chromium is none of the page's. One that fails in a browser that lives has failed. With `inSequence`, tests build on those
   * before them, which then run once more too.
   */
  tests(restore, { inSequence = false } = {}) {
    const done = [];
    return (name, body) =>
      test(name, async (context) => {
        await this.onceMore(context, body, async () => {
          await restore();
          for (const earlier of done) await earlier(context);
        });
        if (inSequence) done.push(body);
      });
  }

  /** Runs a test's body, and if the browser's process died in it, `restore` and the body once more. */
  onceMore(context, body, restore) {
    return this.#unlessDead(
      () => body(context),
      async () => {
        context.diagnostic(`Chromium died in "${context.name}", which runs once more.`);
        await restore();
        await body(context);
      },
    );
  }

  /** Gives what `run` gives, or what `otherwise` does if it failed as the browser's process died. */
  async #unlessDead(run, otherwise) {
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

  /** The browser: another one where the last is dead. */
  #running() {
    this.#launching ??= launch().then((instance) => {
      instance.on("disconnected", () => {
        // Not after stop().
        if (this.#launching === undefined) return;
        this.#launching = undefined;
        this.#deaths++;
      });
      return instance;
    });
    return this.#launching;
  }
}

/** The console's texts but for what Chromium itself notes: answers of 400 and above, and forms of a password alone. */
export function ownTexts({ consoleTexts }) {
  return consoleTexts.filter((text) => !/^Failed to load resource|^\[DOM\]/.test(text));
}

export async function screenshot(page, name) {
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({
    path: join(artifacts, `${name}.png`),
    fullPage: true,
    animations: "disabled",
  });
}
