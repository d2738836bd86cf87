// The entry of every npm script: installs the workspace's npm packages if they are missing or out of date, then runs the
// script with the Node among them. It uses only Node itself, version 20 or later.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lock = readFileSync(join(root, "package-lock.json"), "utf8");
const stamp = join(root, "node_modules", ".installed-lock");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("Installing the npm packages (runtimes included, about 900 MB)…");
  // npm must not run on the Node that it replaces.
  const PATH = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((dir) => !dir.startsWith(join(root, "node_modules")))
    .join(delimiter);
  const env = { ...process.env, PATH };
  // Not `npm ci`: it needs an entry for every platform's binary, and the lock file has only those of one registry.
  exitUnless(
    spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
      env,
    }),
  );
  writeFileSync(stamp, lock);
}

const [script, ...args] = process.argv.slice(2);
const bin = join(root, "node_modules", ".bin");
const child = spawn(join(bin, "node"), [join(root, "scripts", `${script}.js`), ...args], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    PATH: [bin, process.env.PATH].join(delimiter),
    // The user's own Node, for the tests that run the package in it.
    SYSTEM_NODE: process.env.SYSTEM_NODE ?? process.execPath,
  },
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.on(signal, () => child.kill(signal));
child.on("exit", (status, signal) => process.exit(status ?? (signal ? 1 : 0)));

/** @param {import("node:child_process").SpawnSyncReturns<Buffer>} result */
function exitUnless({ status, error }) {
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
