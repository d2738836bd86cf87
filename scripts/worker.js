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

const MODULE_TYPES = { ".js": "ESModule", ".mjs": "ESModule", ".wasm": "CompiledWasm" };

/** Bundles the Worker in `dir` for startWorker(), which otherwise does it itself; `env` is wrangler's environment. */
export function bundleWorker(dir, { config = "wrangler.jsonc", env } = {}) {
  wrangler(dir, ["deploy", "--dry-run", "--outdir", bundleIn(dir), "--config", config], env);
}

/**
 * Gives `{ url, output, miniflare, stop() }`. `isBundled` says that bundleWorker() has run. `config` is wrangler's configuration, a path within `dir`; databases are
 * migrated, and kept in the folder `persistence`, if given. Neither `wrangler dev`, which watches the files and restarts in
 * the middle of a request when it finds them new, nor its test harness, whose Workers fetch through Node.
 */
export async function startWorker(dir, options = {}) {
  const { config = "wrangler.jsonc", vars, env, persistence, isBundled = false } = options;
  const out = bundleIn(dir);
  if (!isBundled) bundleWorker(dir, { config, env });
  const { workerOptions, main } = optionsOf(join(dir, config));
  const output = [];
  const settings = convertV4MiniflareOptions({
    ...workerOptions,
    bindings: { ...workerOptions.bindings, ...vars },
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
  for (const { binding, migrations_dir: folder } of databases)
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

const bundleIn = (dir) => join(dir, ".wrangler", "bundle");

/** wrangler leaves the entry, a script, at the top, and every other module under the extension that gives its type. */
function modulesIn(out, main) {
  const entry = basename(main, extname(main));
  const isEntry = (name) => name === `${entry}.js` || name === `${entry}.mjs`;
  const names = readdirSync(out, { recursive: true }).filter(
    (name) => extname(name) in MODULE_TYPES,
  );
  const entryFirst = names.sort((a, b) => Number(isEntry(b)) - Number(isEntry(a)));
  return entryFirst.map((name) => ({ path: join(out, name), type: MODULE_TYPES[extname(name)] }));
}
