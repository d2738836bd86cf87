// Installs packages into a new folder, as a user does, and copies what is to run there.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { root } from "./tools.js";

/**
 * Installs `packages`, tarballs or names with a version, into a new folder beside copies of the workspace's `folders`;
 * gives the new folder. It is the only one in its parent, so whatever is put beside it goes with the parent.
 */
export function install(packages, folders) {
  const dir = join(mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-")), "app");
  mkdirSync(dir);
  writeFileSync(
    join(dir, "package.json"),
    JSON.stringify({ name: "app", private: true, type: "module" }),
  );
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...packages], {
    cwd: dir,
    stdio: "pipe",
  });
  copyFolders(folders, dir);
  return dir;
}

/** Copies folders of the workspace into `dir`, each under its own name. */
export function copyFolders(folders, dir) {
  for (const folder of folders)
    cpSync(join(root, folder), join(dir, basename(folder)), { recursive: true });
}
