// A folder with the packed tarball, @clerk/backend, and what measures them.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const CLIENTS = ["package", "fetch", "clerk"];

/** Installs `tarball` and the workspace's own version of @clerk/backend into a new folder, and gives the folder. */
export function install(tarball) {
  const { devDependencies } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const dir = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-bench-"));
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "bench", private: true, type: "module" }));
  const peer = `@clerk/backend@${devDependencies["@clerk/backend"]}`;
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball, peer], { cwd: dir, stdio: "pipe" });
  copyParts(dir);
  return dir;
}

/** Copies what measures into a folder that has the package. */
export function copyParts(dir) {
  for (const part of ["clients", "agents"]) cpSync(new URL(part, import.meta.url), join(dir, part), { recursive: true });
}

/** The versions of what is measured. */
export function versions(dir) {
  const version = (name) => JSON.parse(readFileSync(join(dir, "node_modules", name, "package.json"), "utf8")).version;
  return { "clerk-sign-in-tokens": version("clerk-sign-in-tokens"), "@clerk/backend": version("@clerk/backend") };
}
