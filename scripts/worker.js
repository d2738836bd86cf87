// Runs a Worker in workerd, as a deployment would ship it: bundled by wrangler, with the bindings of its configuration.
import { readdirSync } from "node:fs";
import { extname, join } from "node:path";

import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

import { wrangler } from "./wrangler.js";

// Read when wrangler is loaded.
process.env.WRANGLER_SEND_METRICS = "false";
const { unstable_getMiniflareWorkerOptions: optionsOf, unstable_readConfig: readConfig } =
  await import("wrangler");
const { migrate } = await import("./migrate.js");

const MODULE_TYPES = { ".js": "ESModule", ".wasm": "CompiledWasm" };

/**
 * Gives `{ url, output, miniflare, stop() }`; databases are migrated, and kept in the folder `persistence`, if given. Neither
 * `wrangler dev`, which watches the files and restarts in the middle of a request when it finds them new, nor its test
 * harness, whose Workers fetch through Node.
 */
export async function startWorker(dir, { vars, env, persistence } = {}) {
  const out = join(dir, ".wrangler", "bundle");
  wrangler(dir, ["deploy", "--dry-run", "--outdir", out], env);
  const config = readConfig({ config: join(dir, "wrangler.jsonc") });
  const { workerOptions } = optionsOf(join(dir, "wrangler.jsonc"));
  const output = [];
  const options = convertV4MiniflareOptions({
    ...workerOptions,
    bindings: { ...workerOptions.bindings, ...vars },
    modules: modulesIn(out),
    modulesRoot: out,
    host: "127.0.0.1",
    cf: false,
    log: new Log(LogLevel.NONE),
    handleStructuredLogs: ({ message }) => output.push(message),
  });
  const miniflare = new Miniflare({
    ...options,
    ...(persistence && { resourcePersistencePath: persistence }),
  });
  const url = await miniflare.ready;
  for (const { binding, migrations_dir: folder } of config.d1_databases)
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

/** wrangler leaves the entry as a script, and every other module under the extension that gives its type. */
function modulesIn(out) {
  const names = readdirSync(out).filter((name) => extname(name) in MODULE_TYPES);
  const entryFirst = names.sort(
    (a, b) => Number(extname(b) === ".js") - Number(extname(a) === ".js"),
  );
  return entryFirst.map((name) => ({ path: join(out, name), type: MODULE_TYPES[extname(name)] }));
}
