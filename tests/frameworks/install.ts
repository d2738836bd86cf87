// Copies an app out of this folder, and installs it with the packed tarball like a user.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { transformSync } from "esbuild";

import { app, tarball } from "../support/app.ts";
import { execute } from "./execute.ts";
import type { App } from "./apps.ts";

const here = import.meta.dirname;

/** npm's names of the package managers. */
const MANAGERS: Record<string, string> = { pnpm: "pnpm", yarn: "@yarnpkg/cli-dist" };

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

async function install(
  { name, folder, base, versions, without = [] }: App,
  manager: string[] | undefined,
  newest: boolean,
) {
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
function writeRoundTrip(dir: string) {
  const source = readFileSync(join(here, "round-trip.ts"), "utf8");
  const compile = (format: "esm" | "cjs") => transformSync(source, { loader: "ts", format }).code;
  mkdirSync(join(dir, "compiled"));
  writeFileSync(join(dir, "round-trip.ts"), source);
  writeFileSync(join(dir, "compiled", "round-trip.mjs"), compile("esm"));
  writeFileSync(join(dir, "compiled", "round-trip.cjs"), compile("cjs"));
}

interface Manifest {
  /** Dependencies that stay as they are. */
  keep?: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Requests the newest version of every dependency except those in `keep`. */
function unpin({ keep = [], dependencies = {}, devDependencies = {} }: Manifest) {
  for (const list of [dependencies, devDependencies]) {
    for (const name of Object.keys(list)) if (!keep.includes(name)) list[name] = "latest";
  }
}

/**
 * Returns the command that runs a package manager, such as `pnpm@12.21.0`, without installing it
 * first.
 */
export function managerCommand(manager: string, newest: boolean) {
  const [name, version] = manager.split("@");
  const source = `${MANAGERS[name]}@${newest ? "latest" : version}`;
  return ["npm", "exec", "--yes", `--package=${source}`, "--", name];
}
