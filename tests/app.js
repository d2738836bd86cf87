// A fresh folder with the packed tarball installed, as a user has it; one for all test files of a run.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Installs `tarball` into a new folder, and gives the folder. */
export function install(tarball) {
  const dir = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-app-"));
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--offline", tarball], { cwd: dir, stdio: "pipe" });
  cpSync(new URL("runtimes/agent", import.meta.url), join(dir, "agent"), { recursive: true });
  return dir;
}

/** The folder that scripts/test.js made. */
export const app = process.env.TEST_APP;

/** The installed package, for tests that need no other runtime. */
export function installed() {
  if (!app) throw new Error("run the tests with npm test, or set TEST_APP to a folder with the package installed");
  return import(pathToFileURL(join(app, "node_modules", "clerk-sign-in-tokens", "index.js")));
}
