// The runtimes in which the packed tarball runs. Each starts the agent, and returns `{ call, stop()
// }`.
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";

import { build, preview } from "vite";

import { startProcess } from "../../scripts/process.ts";
import { bundleWorker, startWorker } from "../../scripts/worker.ts";
import { app } from "./app.ts";
import { launch } from "./browser.ts";
import { startEdge } from "./edge.ts";
import { once } from "./once.ts";

/** What the agent takes, without the client's options, which a page overrides. */
type Request = Record<string, unknown> & { client?: object };

const agent = join(app, "agent");

export type Runtime = Awaited<ReturnType<typeof over>>;

interface Options {
  /** A folder with the package and the agent installed. */
  dir?: string;
  /** More variables of the environment. */
  env?: NodeJS.ProcessEnv;
}

/** Starts the agent with a command. */
export const startAgent = (command: string, args: string[], { dir = app, env }: Options = {}) =>
  over(startProcess(command, args, { cwd: join(dir, "agent"), env: { ...process.env, ...env } }));

/** Runtimes without a page, by name. */
export const SERVERS = {
  workerd: ({ dir = app }: Options = {}) => over(startBundled(dir)),
  Deno: (options?: Options) =>
    startAgent("deno", ["run", "--allow-net=127.0.0.1", "node.js"], options),
  Bun: (options?: Options) => startAgent("bun", ["bun.js"], options),
  Node: (options?: Options) => startAgent("node", ["node.js"], options),
};

/** Other ways to load the package in these runtimes, and Vercel's edge runtime. */
export const VARIANTS = {
  "the installed Node": () => startAgent(process.env.SYSTEM_NODE ?? "node", ["node.js"]),
  "Node, by require()": () => startAgent("node", ["require.cjs"]),
  "Deno, by a plain local import": () => over(startLocalDeno()),
  "Vercel's edge runtime": () => over(startEdge(agent, "./agent.js", "handle", {})),
};

/**
 * Pages: `/v1` of the page's origin is a proxy of the URL `emulator`. The first page also takes
 * `dir`, as above.
 */
export const PAGES = {
  "Chromium, plain script": (emulator: string, dir?: string) => openPage(plainPage(dir), emulator),
  "Chromium, built by Vite": (emulator: string) => openPage(vitePage(), emulator),
};

/** A server. A Worker has no process of its own. */
export interface Started {
  url: string;
  pid?: number;
  output?: string;
  stop(): Promise<unknown>;
}

/** Wraps an agent that takes requests over HTTP. `call` also takes the options of fetch. */
export async function over(starting: Promise<Started>) {
  const server = await starting;
  const call = async (request: Request, init?: RequestInit) =>
    (await fetch(server.url, { method: "POST", body: JSON.stringify(request), ...init })).json();
  const stop = async () => void (await server.stop());
  return {
    call,
    stop,
    output: () => server.output ?? "",
    /** Sends a signal to the process and those that it started. */
    signal: (signal: NodeJS.Signals) => process.kill(-Number(server.pid), signal),
    [Symbol.asyncDispose]: stop,
  };
}

/** Starts the agent in workerd. Test files share its bundle. */
async function startBundled(dir: string) {
  const folder = join(dir, "agent");
  await once(`${basename(dir)}-bundle`, () => bundleWorker(folder));
  return startWorker(folder, { isBundled: true });
}

/** Starts the agent in Deno without npm: it imports the package's files by path. */
function startLocalDeno() {
  const dir = mkdtempSync(`${app}-deno-`);
  cpSync(join(app, "node_modules", "clerk-sign-in-tokens"), join(dir, "package"), {
    recursive: true,
  });
  cpSync(agent, dir, { recursive: true });
  writeFileSync(join(dir, "deno.json"), JSON.stringify({ imports: imports("./package") }));
  return startProcess("deno", ["run", "--allow-net=127.0.0.1", "node.js"], { cwd: dir });
}

function plainPage(dir = app) {
  const page = mkdtempSync(`${app}-plain-`);
  cpSync(join(dir, "node_modules", "clerk-sign-in-tokens"), join(page, "package"), {
    recursive: true,
  });
  cpSync(join(dir, "agent"), page, { recursive: true });
  const importMap = JSON.stringify({ imports: imports("/package") });
  writeFileSync(join(page, "index.html"), html(`<script type="importmap">${importMap}</script>`));
  return page;
}

async function vitePage() {
  const root = mkdtempSync(`${app}-vite-`);
  // Only this package: other test files write into the folder at the same time.
  const installed = join("node_modules", "clerk-sign-in-tokens");
  cpSync(join(app, installed), join(root, installed), { recursive: true });
  cpSync(agent, root, { recursive: true });
  writeFileSync(join(root, "index.html"), html());
  await build({ root, configFile: false, logLevel: "error" });
  return join(root, "dist");
}

function imports(folder: string) {
  return {
    "clerk-sign-in-tokens": `${folder}/index.js`,
    "clerk-sign-in-tokens/bulk": `${folder}/bulk.js`,
  };
}

function html(head = "") {
  return `<!doctype html><html lang="en"><meta charset="utf-8">${head}<script type="module" src="/page.js"></script></html>`;
}

/** The global of a page. */
type Agent = { agent(request: Request): ReturnType<Response["json"]> };

/** Serves the page with `/v1` on the same origin, like an edge function, and opens it. */
async function openPage(
  page: string | Promise<string>,
  emulator: string,
): Promise<Pick<Runtime, "call" | "stop">> {
  const dir = await page;
  const server = await preview({
    root: dir,
    configFile: false,
    logLevel: "error",
    build: { outDir: dir },
    preview: { host: "127.0.0.1", port: 0, proxy: { "/v1": emulator } },
  });
  const url = `http://127.0.0.1:${(server.httpServer.address() as AddressInfo).port}`;
  const instance = await launch();
  const tab = await instance.newPage();
  await tab.goto(url);
  await tab.waitForFunction(() => "agent" in globalThis);
  return {
    call: (request: Request) =>
      tab.evaluate((given) => (globalThis as unknown as Agent).agent(given), {
        ...request,
        client: { ...request.client, apiUrl: url },
      }),
    stop: async () => {
      await instance.close();
      await server.close();
    },
  };
}
