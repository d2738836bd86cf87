// Type-checks the JavaScript of the workspace, against the types that users of the package get.
import { cpSync, existsSync, globSync } from "node:fs";
import { join } from "node:path";

import { build } from "../build.js";
import { root, run } from "../tools.js";

/** A project for each kind of environment. */
const PROJECTS = ["tsconfig.json", "tsconfig.!(base).json", "{pkg,www}/**/tsconfig.json"];

/** Checks all projects. Uses the types of the last build, and builds the package if there is none. */
export function checkTypes() {
  if (!existsSync(join(root, "pkg", "index.d.ts"))) build();
  // wasm-bindgen's glue has no types. These do not ship; the next build removes them.
  cpSync(join(root, "scripts", "types", "wasm"), join(root, "pkg", "wasm"), { recursive: true });
  const projects = globSync(PROJECTS, { cwd: root, exclude: ["**/node_modules/**"] });
  for (const project of projects.sort()) run("tsc", ["--project", project]);
}

if (import.meta.filename === process.argv[1]) checkTypes();
