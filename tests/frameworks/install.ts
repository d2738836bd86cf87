// Copies an app out of this folder, and installs it with the packed tarball like a user.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { transformSync } from "esbuild";

import { app, tarball } from "../support/app.ts";
import type { App } from "./apps.ts";
import { execute } from "./execute.ts";
import { type Package, VERSIONS } from "./versions.ts";

const here = import.meta.dirname;

/** npm's names of the package managers. */
const MANAGERS = { pnpm: "pnpm", yarn: "@yarnpkg/cli-dist" } as const;

const installs = new Map<string, Promise<string>>();

/**
 * Returns the path of an installed app, which rows share if they change nothing in its folder, or
 * the same. With `newest`, it has the newest versions of its other dependencies. `manager` is the
 * command of a package manager, npm by default.
 */
export function installApp(row: App, manager: string[] | undefined, newest: boolean) {
  const key = JSON.stringify([row.folder, row.versions, row.without, manager]);
  const installed = installs.get(key) ?? install(row, manager, newest);
  installs.set(key, installed);
  return installed;
}

async function install(row: App, manager: string[] | undefined, newest: boolean) {
  const { name, folder, base, without = [], versions, keep = [], scripts, type = "module" } = row;
  const dir = `${app}-${name}`;
  if (base) cpSync(join(here, base), dir, { recursive: true });
  cpSync(join(here, folder), dir, { recursive: true });
  for (const path of without) rmSync(join(dir, path), { recursive: true });
  writeRoundTrip(dir);
  const version = (name: Package) => versionOf(name, newest && !keep.includes(name));
  const dependencies = {
    ...Object.fromEntries(row.packages.map((name) => [name, version(name)])),
    ...versions,
    "clerk-sign-in-tokens": `file:${tarball}`,
  };
  const manifest = { name: "app", private: true, type, scripts, dependencies };
  writeFileSync(join(dir, "package.json"), JSON.stringify(manifest));
  // npm's cache may not contain the newest versions.
  const npm = ["npm", "--no-audit", "--no-fund", newest ? "--prefer-online" : "--prefer-offline"];
  await execute(dir, [...(manager ?? npm), "install"]);
  return dir;
}

/** Writes the shared module in TypeScript, as an ES module and as CommonJS. */
function writeRoundTrip(dir: string) {
  const source = readFileSync(join(here, "round-trip.ts"), "utf8");
  const compile = (format: "esm" | "cjs") => transformSync(source, { loader: "ts", format }).code;
  mkdirSync(join(dir, "compiled"));
  writeFileSync(join(dir, "round-trip.ts"), source);
  writeFileSync(join(dir, "compiled", "round-trip.mjs"), compile("esm"));
  writeFileSync(join(dir, "compiled", "round-trip.cjs"), compile("cjs"));
}

const versionOf = (name: Package, newest: boolean) => (newest ? "latest" : VERSIONS[name]);

/** Returns the command that runs a package manager without installing it first. */
export function managerCommand(manager: keyof typeof MANAGERS, newest: boolean) {
  const source = `${MANAGERS[manager]}@${versionOf(MANAGERS[manager], newest)}`;
  return ["npm", "exec", "--yes", `--package=${source}`, "--", manager];
}
