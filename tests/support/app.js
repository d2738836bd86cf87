// A fresh folder with the packed tarball installed, as a user has it; one for all test files of a run.
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { root } from "../../scripts/tools.js";

/** The folder that scripts/test.js made. */
export const app = process.env.TEST_APP;

/** A copy of the workspace's `folder` beside the installed package, with its other dependencies at hand; gives its path. */
export function copyIntoApp(folder, name = folder) {
  const copy = join(app, name);
  const isSource = (path) => !/\/(node_modules|dist|\.wrangler)$/.test(path);
  cpSync(join(root, folder), copy, { recursive: true, filter: isSource });
  // The reader of lists, which the page and an example import from beside their own folder.
  cpSync(join(root, "lists"), join(app, "lists"), { recursive: true });
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(copy, "package.json"), "utf8"),
  );
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const place = join(app, "node_modules", name);
    if (existsSync(place)) continue;
    mkdirSync(dirname(place), { recursive: true });
    // npm puts a version that differs from another workspace's into the folder itself.
    const own = join(root, folder, "node_modules", name);
    symlinkSync(existsSync(own) ? own : join(root, "node_modules", name), place);
  }
  return copy;
}

/** The installed package, for tests that need no other runtime. */
export function installed() {
  if (!app)
    throw new Error(
      "run the tests with npm test, or set TEST_APP to a folder with the package installed",
    );
  return import(pathToFileURL(join(app, "node_modules", "clerk-sign-in-tokens", "index.js")));
}
