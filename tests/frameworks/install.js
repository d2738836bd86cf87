// Copies an app out of this folder and installs it with the packed tarball, as its user would.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { transformSync } from "esbuild";

import { root } from "../../scripts/tools.js";
import { app } from "../support/app.js";
import { execute } from "./execute.js";

const here = import.meta.dirname;
const pkg = join(root, "pkg");
const [tarball] = readdirSync(pkg).filter((file) => file.endsWith(".tgz"));

/** npm's names of the package managers. */
const MANAGERS = { pnpm: "pnpm", yarn: "@yarnpkg/cli-dist" };

const installs = new Map();

/** The path of the installed app: one for all rows of a folder. With `newest`, the newest versions of its dependencies. */
export function installApp(folder, options) {
  if (!installs.has(folder)) installs.set(folder, install(folder, options));
  return installs.get(folder);
}

async function install(folder, { newest }) {
  const dir = `${app}-${folder}`;
  cpSync(join(here, folder), dir, { recursive: true });
  writeRoundTrip(dir);
  const file = join(dir, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  if (newest) unpin(manifest);
  manifest.dependencies = {
    ...manifest.dependencies,
    "clerk-sign-in-tokens": `file:${join(pkg, tarball)}`,
  };
  writeFileSync(file, JSON.stringify(manifest));
  await execute(dir, installer(manifest), process.env);
  return dir;
}

/** The shared module, in TypeScript, as an ES module and as CommonJS. */
function writeRoundTrip(dir) {
  const source = readFileSync(join(here, "round-trip.ts"), "utf8");
  const compile = (format) => transformSync(source, { loader: "ts", format }).code;
  mkdirSync(join(dir, "compiled"));
  writeFileSync(join(dir, "round-trip.ts"), source);
  writeFileSync(join(dir, "compiled", "round-trip.mjs"), compile("esm"));
  writeFileSync(join(dir, "compiled", "round-trip.cjs"), compile("cjs"));
}

/** Asks for the newest version of everything but what the app has a reason to keep. */
function unpin({ keep = [], dependencies, devDependencies }) {
  for (const list of [dependencies, devDependencies]) {
    for (const name of Object.keys(list ?? {})) if (!keep.includes(name)) list[name] = "latest";
  }
}

function installer({ packageManager }) {
  if (!packageManager) return ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline"];
  return [...managed(packageManager), "install"];
}

/** The command of a package manager, such as `pnpm@12.21.0`, which nobody has to have installed. */
export function managed(packageManager) {
  const [name, version] = packageManager.split("@");
  return ["npm", "exec", "--yes", `--package=${MANAGERS[name]}@${version}`, "--", name];
}
