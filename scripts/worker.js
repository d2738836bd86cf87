// Runs a Worker in workerd, as a deployment would ship it: bundled by wrangler, with the bindings of its configuration.
import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";

import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

import { wrangler } from "./wrangler.js";

// Read when wrangler is loaded.
process.env.WRANGLER_SEND_METRICS = "false";
const { unstable_getMiniflareWorkerOptions: optionsOf, unstable_readConfig: readConfig } =
  await import("wrangler");
const { migrate } = await import("./migrate.js");

/** @type {Record<string, "ESModule" | "CompiledWasm">} */
const MODULE_TYPES = { ".js": "ESModule", ".mjs": "ESModule", ".wasm": "CompiledWasm" };

/**
 * @typedef {object} Options
 * @property {string} [config] wrangler's configuration, a path within the folder of the Worker
 * @property {Record<string, string | undefined>} [vars] more variables of the Worker
 * @property {NodeJS.ProcessEnv} [env] wrangler's environment
 * @property {string} [persistence] the folder in which databases are kept
 * @property {boolean} [isBundled] whether bundleWorker() has run
 */

/**
 * Bundles the Worker in a folder, before startWorker().
 *
 * @param {string} dir
 * @param {Pick<Options, "config" | "env">} [options]
 */
export function bundleWorker(dir, { config = "wrangler.jsonc", env } = {}) {
  wrangler(dir, ["deploy", "--dry-run", "--outdir", bundleIn(dir), "--config", config], env);
}

/**
 * Starts the Worker in a folder, and migrates its databases. It uses neither `wrangler dev`, which restarts in the middle of a
 * request when a file changes, nor wrangler's test harness, whose Workers fetch through Node.
 *
 * @param {string} dir
 * @param {Options} [options]
 */
export async function startWorker(dir, options = {}) {
  const { config = "wrangler.jsonc", vars, env, persistence, isBundled = false } = options;
  const out = bundleIn(dir);
  if (!isBundled) bundleWorker(dir, { config, env });
  const { workerOptions, main } = optionsOf(join(dir, config));
  if (!main) throw new Error(`${config} names no main file`);
  /** @type {string[]} */
  const output = [];
  const settings = convertV4MiniflareOptions({
    ...workerOptions,
    bindings: { .../** @type {object} */ (workerOptions.bindings), ...vars },
    modules: modulesIn(out, main),
    modulesRoot: out,
    host: "127.0.0.1",
    cf: false,
    log: new Log(LogLevel.NONE),
    handleStructuredLogs: ({ message }) => output.push(message),
  });
  const miniflare = new Miniflare({
    ...settings,
    ...(persistence && { resourcePersistencePath: persistence }),
  });
  const url = await miniflare.ready;
  const { d1_databases: databases } = readConfig({ config: join(dir, config) });
  for (const { binding, migrations_dir: folder = "migrations" } of databases)
    await migrate(await miniflare.getD1Database(binding), join(dir, folder));
  return {
    url: url.origin,
    miniflare,
    get output() {
      return output.join("\n");
    },
    stop: () => miniflare.dispose(),
  };
}

const bundleIn = (/** @type {string} */ dir) => join(dir, ".wrangler", "bundle");

/**
 * Returns the modules of a bundle, with the entry first. A module's extension gives its type.
 *
 * @param {string} out
 * @param {string} main
 */
function modulesIn(out, main) {
  const entry = basename(main, extname(main));
  const isEntry = (/** @type {string} */ name) => name === `${entry}.js` || name === `${entry}.mjs`;
  const names = readdirSync(out, { recursive: true, encoding: "utf8" }).filter(
    (name) => extname(name) in MODULE_TYPES,
  );
  const entryFirst = names.sort((a, b) => Number(isEntry(b)) - Number(isEntry(a)));
  return entryFirst.map((name) => ({ path: join(out, name), type: MODULE_TYPES[extname(name)] }));
}
