// The runtimes in which the packed tarball runs. Each starts the agent, and returns `{ call, stop()
// }`.
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";

import { build as esbuild } from "esbuild";
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

/** Runtimes without a page, by name. `dir` is a folder with the package and the agent installed. */
export const SERVERS = {
  workerd: (dir = app) => over(startBundled(dir)),
  Deno: (dir = app) =>
    over(
      startProcess("deno", ["run", "--allow-net=127.0.0.1", "deno.js"], {
        cwd: join(dir, "agent"),
      }),
    ),
  Bun: (dir = app) => over(startProcess("bun", ["bun.js"], { cwd: join(dir, "agent") })),
  Node: (dir = app) => over(startProcess("node", ["node.js"], { cwd: join(dir, "agent") })),
};

/** Starts the agent with a command, in an environment of its own. */
export const startAgent = (command: string, args: string[], env?: NodeJS.ProcessEnv) =>
  over(startProcess(command, args, { cwd: agent, env: { ...process.env, ...env } }));

/** Other ways to load the package in these runtimes, and Vercel's edge runtime. */
export const VARIANTS = {
  "the installed Node": () =>
    over(startProcess(process.env.SYSTEM_NODE ?? "node", ["node.js"], { cwd: agent })),
  "Node, by require()": () => over(startProcess("node", ["require.cjs"], { cwd: agent })),
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
  "Chromium, built by esbuild": (emulator: string) => openPage(esbuildPage(), emulator),
};

interface Started {
  url: string;
  output?: string;
  stop(): Promise<unknown>;
}

/** Wraps an agent that takes requests over HTTP. `call` also takes the options of fetch. */
async function over(starting: Promise<Started>) {
  const server = await starting;
  const call = async (request: Request, init?: RequestInit) =>
    (await fetch(server.url, { method: "POST", body: JSON.stringify(request), ...init })).json();
  const stop = async () => void (await server.stop());
  return { call, stop, output: () => server.output ?? "", [Symbol.asyncDispose]: stop };
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
  return startProcess("deno", ["run", "--allow-net=127.0.0.1", "deno.js"], { cwd: dir });
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

async function esbuildPage() {
  const dir = mkdtempSync(`${app}-esbuild-`);
  writeFileSync(join(dir, "index.html"), html());
  await esbuild({
    entryPoints: [join(agent, "page.js")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    outdir: dir,
  });
  return dir;
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
