// Installs the packed tarball and @clerk/backend into a folder, with the programs that measure
// them.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { buildSync } from "esbuild";

import { install } from "../scripts/install.ts";
import { root } from "../scripts/tools.js";

export type Client = (typeof CLIENTS)[number];

export const CLIENTS = ["package", "fetch", "floor", "clerk"] as const;

/** The programs there. */
export const PARTS = ["benches/clients", "benches/agents"];

/**
 * Installs the tarball and the workspace's `@clerk/backend` into a new folder. Returns its path.
 * The clients there are JavaScript, so that a cold start compiles none of them.
 */
export function installClients(tarball: string) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const dir = install([tarball, `@clerk/backend@${devDependencies["@clerk/backend"]}`], PARTS);
  const outdir = join(dir, "clients");
  const entryPoints = globSync(join(outdir, "*.ts"));
  buildSync({ entryPoints, outdir, bundle: true, packages: "external", format: "esm" });
  return dir;
}

/** Returns the versions of the measured packages. */
export function versions(dir: string) {
  const version = (name: string) =>
    JSON.parse(readFileSync(join(dir, "node_modules", name, "package.json"), "utf8")).version;
  return {
    "clerk-sign-in-tokens": version("clerk-sign-in-tokens"),
    "@clerk/backend": version("@clerk/backend"),
  };
}
