// Installs packages into a new folder, as a user does, and copies programs into it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { root } from "./tools.js";

/**
 * Installs packages into a new folder, and copies folders of the workspace into it. Returns the new
 * folder. It is alone in its parent folder, so that deleting the parent also deletes what is put
 * beside it.
 *
 * @param packages tarballs, or names with a version
 */
export function install(packages: string[], folders: string[]) {
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

/** Copies folders of the workspace into `dir`, under their own names. */
export function copyFolders(folders: string[], dir: string) {
  for (const folder of folders)
    cpSync(join(root, folder), join(dir, basename(folder)), { recursive: true });
}
