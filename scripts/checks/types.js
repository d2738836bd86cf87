// Type-checks the JavaScript of the workspace, against the types that users of the package get.
import { cpSync, existsSync, globSync } from "node:fs";
import { join } from "node:path";

import { build } from "../build.js";
import { root, run } from "../tools.js";

/** A project for each kind of environment. Not the base of all; and the tests' own projects are those of users. */
const PROJECTS = ["{tsconfig,tsconfig.!(base)}.json", "{pkg,www}/**/tsconfig.json"];

/** Uses the types of the last build, and builds the package if there is none. */
export function checkTypes() {
  if (!existsSync(join(root, "pkg", "index.d.ts"))) build();
  // wasm-bindgen's glue has no types. They stand beside it for the check only: every build starts with an empty folder.
  cpSync(join(root, "scripts", "types", "wasm"), join(root, "pkg", "wasm"), { recursive: true });
  const projects = globSync(PROJECTS, { cwd: root, exclude: ["**/node_modules/**"] });
  for (const project of projects.sort()) run("tsc", ["--project", project]);
}
