// Installs the packed tarball and @clerk/backend into a folder, with the programs that measure them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { install } from "../scripts/install.js";
import { root } from "../scripts/tools.js";

/** @typedef {typeof CLIENTS[number]} Client */

export const CLIENTS = /** @type {const} */ (["package", "fetch", "floor", "clerk"]);

/** The programs that run in that folder. */
export const PARTS = ["benches/clients", "benches/agents"];

/**
 * Installs the tarball and the workspace's version of @clerk/backend into a new folder. Returns the folder.
 *
 * @param {string} tarball
 */
export function installClients(tarball) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return install([tarball, `@clerk/backend@${devDependencies["@clerk/backend"]}`], PARTS);
}

/**
 * Returns the versions of the measured packages.
 *
 * @param {string} dir
 */
export function versions(dir) {
  const version = (/** @type {string} */ name) =>
    JSON.parse(readFileSync(join(dir, "node_modules", name, "package.json"), "utf8")).version;
  return {
    "clerk-sign-in-tokens": version("clerk-sign-in-tokens"),
    "@clerk/backend": version("@clerk/backend"),
  };
}
