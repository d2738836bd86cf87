// Copies an app out of this folder, and installs it with the packed tarball like a user.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { transformSync } from "esbuild";

import { app, tarball } from "../support/app.js";
import { execute } from "./execute.js";

const here = import.meta.dirname;

/** npm's names of the package managers. */
const MANAGERS = { pnpm: "pnpm", yarn: "@yarnpkg/cli-dist" };

const installs = new Map();

/**
 * Returns the path of an installed app, which rows share if they change nothing in its folder, or
 * the same. With `newest`, it has the newest versions of its other dependencies. `manager` is the
 * command of a package manager, npm by default.
 */
export function installApp(row, manager, newest) {
  const key = JSON.stringify([row.folder, row.versions, row.without, manager]);
  if (!installs.has(key)) installs.set(key, install(row, manager, newest));
  return installs.get(key);
}

async function install({ name, folder, base, versions, without = [] }, manager, newest) {
  const dir = `${app}-${name}`;
  if (base) cpSync(join(here, base), dir, { recursive: true });
  cpSync(join(here, folder), dir, { recursive: true });
  for (const path of without) rmSync(join(dir, path), { recursive: true });
  writeRoundTrip(dir);
  const file = join(dir, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  if (newest) unpin(manifest);
  manifest.dependencies = {
    ...manifest.dependencies,
    ...versions,
    "clerk-sign-in-tokens": `file:${tarball}`,
  };
  writeFileSync(file, JSON.stringify(manifest));
  // npm's cache may not contain the newest versions.
  const npm = ["npm", "--no-audit", "--no-fund", newest ? "--prefer-online" : "--prefer-offline"];
  await execute(dir, [...(manager ?? npm), "install"]);
  return dir;
}

/** Writes the shared module in TypeScript, as an ES module and as CommonJS. */
function writeRoundTrip(dir) {
  const source = readFileSync(join(here, "round-trip.ts"), "utf8");
  const compile = (format) => transformSync(source, { loader: "ts", format }).code;
  mkdirSync(join(dir, "compiled"));
  writeFileSync(join(dir, "round-trip.ts"), source);
  writeFileSync(join(dir, "compiled", "round-trip.mjs"), compile("esm"));
  writeFileSync(join(dir, "compiled", "round-trip.cjs"), compile("cjs"));
}

/** Requests the newest version of every dependency except those in `keep`. */
function unpin({ keep = [], dependencies, devDependencies }) {
  for (const list of [dependencies, devDependencies]) {
    for (const name of Object.keys(list ?? {})) if (!keep.includes(name)) list[name] = "latest";
  }
}

/**
 * Returns the command that runs a package manager, such as `pnpm@12.21.0`, without installing it
 * first.
 */
export function managerCommand(manager, newest) {
  const [name, version] = manager.split("@");
  const source = `${MANAGERS[name]}@${newest ? "latest" : version}`;
  return ["npm", "exec", "--yes", `--package=${source}`, "--", name];
}
