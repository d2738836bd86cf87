// Runs a Worker in workerd, as a deployment would ship it: bundled by wrangler, with the bindings
// of its configuration.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";

import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

// Read when wrangler is loaded.
process.env.WRANGLER_SEND_METRICS = "false";
const {
  unstable_getMiniflareWorkerOptions: optionsOf,
  unstable_readConfig: readConfig,
  unstable_splitSqlQuery: statementsIn,
} = await import("wrangler");

type Database = Awaited<ReturnType<Miniflare["getD1Database"]>>;

const MODULE_TYPES: Record<string, "ESModule" | "CompiledWasm"> = {
  ".js": "ESModule",
  ".mjs": "ESModule",
  ".wasm": "CompiledWasm",
};

export interface Options {
  /** Wrangler's configuration, a path within the folder of the Worker. */
  config?: string;

  /** More variables of the Worker. */
  vars?: Record<string, string | undefined>;

  /** Wrangler's environment. */
  env?: NodeJS.ProcessEnv;

  /** The folder in which databases are kept. */
  persistence?: string;

  /** Whether bundleWorker() has run. */
  isBundled?: boolean;
}

/** Runs a wrangler command that sends nothing over the network. */
export function wrangler(cwd: string, args: string[], environment = process.env) {
  const env = { ...environment, WRANGLER_SEND_METRICS: "false", CI: "true", NO_COLOR: "1" };
  execFileSync("wrangler", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}

/** Bundles the Worker in a folder, before startWorker(). */
export function bundleWorker(
  dir: string,
  { config = "wrangler.jsonc", env }: Pick<Options, "config" | "env"> = {},
) {
  wrangler(dir, ["deploy", "--dry-run", "--outdir", bundleIn(dir), "--config", config], env);
}

/**
 * Starts the Worker in a folder, and migrates its databases. It uses neither `wrangler dev`, which
 * restarts in the middle of a request when a file changes, nor wrangler's test harness, whose
 * Workers fetch through Node.
 */
export async function startWorker(dir: string, options: Options = {}) {
  const { config = "wrangler.jsonc", vars, env, persistence, isBundled = false } = options;
  const out = bundleIn(dir);
  if (!isBundled) bundleWorker(dir, { config, env });
  const { workerOptions, main } = optionsOf(join(dir, config));
  if (!main) throw new Error(`${config} names no main file`);
  const output: string[] = [];
  const settings = convertV4MiniflareOptions({
    ...workerOptions,
    bindings: { ...(workerOptions.bindings as object), ...vars },
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

const bundleIn = (dir: string) => join(dir, ".wrangler", "bundle");

/**
 * Returns the modules of a bundle, with the entry first. A module's extension gives its type.
 */
function modulesIn(out: string, main: string) {
  const entry = basename(main, extname(main));
  const isEntry = (name: string) => name === `${entry}.js` || name === `${entry}.mjs`;
  const names = readdirSync(out, { recursive: true, encoding: "utf8" }).filter(
    (name) => extname(name) in MODULE_TYPES,
  );
  const entryFirst = names.sort((a, b) => Number(isEntry(b)) - Number(isEntry(a)));
  return entryFirst.map((name) => ({ path: join(out, name), type: MODULE_TYPES[extname(name)] }));
}

/**
 * Applies the migrations of a database, as `wrangler d1 migrations apply` does: each once, in the
 * order of their names.
 */
async function migrate(database: Database, folder: string) {
  await database.exec("CREATE TABLE IF NOT EXISTS d1_migrations (name TEXT PRIMARY KEY)");
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = results.map(({ name }) => name);
  for (const name of readdirSync(folder).sort()) {
    if (applied.includes(name)) continue;
    const statements = statementsIn(readFileSync(join(folder, name), "utf8"));
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO d1_migrations VALUES (?)").bind(name),
    ]);
  }
}
