// The entry of every npm script: installs the workspace's npm packages if they are missing or out
// of date, then runs the script with the Node among them. Temporary files go into a folder that is
// removed at the end. It uses only Node itself, version 20 or later.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { BUILD, installTools } from "./tools.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const lock = readFileSync(join(root, "package-lock.json"), "utf8");
const stamp = join(root, "node_modules", ".installed-lock");
/** The scripts that build nothing. */
const NEED_NO_TOOLS = ["emulator", "contract"];

const [script, ...args] = process.argv.slice(2);
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock)
  await Promise.all([
    installPackages(),
    NEED_NO_TOOLS.includes(script) ? undefined : installTools(BUILD),
  ]);

const temporary = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-"));
const bin = join(root, "node_modules", ".bin");
const child = spawn(join(bin, "node"), [join(root, "scripts", `${script}.ts`), ...args], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    PATH: [bin, process.env.PATH].join(delimiter),
    TMPDIR: temporary,
    // The user's own Node, for the tests that run the package in it.
    SYSTEM_NODE: process.env.SYSTEM_NODE ?? process.execPath,
  },
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.on(signal, () => child.kill(signal));
const [status, signal] = await once(child, "exit");
rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
process.exit(status ?? (signal ? 1 : 0));

async function installPackages() {
  console.error("Installing the npm packages (runtimes included, about 900 MB)…");
  // npm must not run on the Node that it replaces.
  const PATH = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((dir) => !dir.startsWith(join(root, "node_modules")))
    .join(delimiter);
  const npm = spawn("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: { ...process.env, PATH },
  });
  const [status] = await once(npm, "exit");
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, lock);
}
