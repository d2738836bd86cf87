// A folder with the packed tarball, @clerk/backend, and what measures them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { install } from "../scripts/install.js";
import { root } from "../scripts/tools.js";

export const CLIENTS = ["package", "fetch", "clerk"];

/** What measures them, for the folder that has them installed. */
export const PARTS = ["benches/clients", "benches/agents"];

/** Installs `tarball` and the workspace's own version of @clerk/backend into a new folder, and gives the folder. */
export function installClients(tarball) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return install([tarball, `@clerk/backend@${devDependencies["@clerk/backend"]}`], PARTS);
}

/** The versions of what is measured. */
export function versions(dir) {
  const version = (name) =>
    JSON.parse(readFileSync(join(dir, "node_modules", name, "package.json"), "utf8")).version;
  return {
    "clerk-sign-in-tokens": version("clerk-sign-in-tokens"),
    "@clerk/backend": version("@clerk/backend"),
  };
}
