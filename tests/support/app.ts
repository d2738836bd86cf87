// The folder in which the packed tarball is installed, as a user installs it. All test files of a
// run share it.
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { root } from "../../scripts/tools.js";

/**
 * The folder that scripts/checks/tarball.ts created: the package, and `lists` beside it, where the
 * page and an example expect it.
 */
export const app = process.env.TEST_APP ?? "";

/** The path of the installed tarball. */
export const tarball = process.env.TEST_TARBALL ?? "";

/**
 * Copies the workspace's `folder` beside the installed package, and links its other dependencies.
 * Returns the copy's path.
 */
export function copyIntoApp(folder: string, name = folder) {
  const copy = join(app, name);
  const isSource = (path: string) =>
    !/\/(node_modules|dist|\.wrangler|rust-worker\/build)$/.test(path);
  cpSync(join(root, folder), copy, { recursive: true, filter: isSource });
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(copy, "package.json"), "utf8"),
  );
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const place = join(app, "node_modules", name);
    if (existsSync(place)) continue;
    mkdirSync(dirname(place), { recursive: true });
    // npm installs a version that differs from another workspace's in the folder itself.
    const own = join(root, folder, "node_modules", name);
    link(existsSync(own) ? own : join(root, "node_modules", name), place);
  }
  return copy;
}

/** Creates a link, unless another test file has just created it. */
function link(target: string, place: string) {
  try {
    symlinkSync(target, place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** The modules of the package that tests import: its entries, and parts of a bulk run. */
interface Modules {
  "index.js": typeof import("clerk-sign-in-tokens");
  "bulk.js": typeof import("clerk-sign-in-tokens/bulk");
  "testing.js": typeof import("clerk-sign-in-tokens/testing");
  "bulk/pacer.js": typeof import("../../pkg/src/bulk/pacer.ts");
  "bulk/rate-limiter.js": typeof import("../../pkg/src/bulk/rate-limiter.ts");
  "bulk/run.js": typeof import("../../pkg/src/bulk/run.ts");
}

/** Imports a module of the installed package, for tests that need only Node. */
export async function installed<Name extends keyof Modules = "index.js">(
  name?: Name,
): Promise<Modules[Name]> {
  if (!app)
    throw new Error(
      "run the tests with npm test, or set TEST_APP to a folder with the package installed",
    );
  const path = join(app, "node_modules", "clerk-sign-in-tokens", name ?? "index.js");
  return import(pathToFileURL(path).href);
}
