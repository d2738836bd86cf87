// npm run lint: the format, the rules of ESLint and the types. `npm run fix` (`--fix`) formats
// everything, and applies what ESLint can.
import { cpSync, existsSync, globSync } from "node:fs";
import { join } from "node:path";

import { build } from "./build.ts";
import { root, run } from "./tools.js";

/** All files but those that tools and other programs write, and Clerk's own text. */
const FORMATTED = [
  ".",
  "!benches/results.json",
  "!emulator/*.openapi.yml",
  "!examples/rust-worker/build",
  "!tests/fixtures/lists",
];

/** A project for each kind of environment. */
const PROJECTS = "{.,*,*/*}/tsconfig{,.*}.json";

if (process.argv.includes("--fix")) {
  run("eslint", ["--fix", "."]);
  run("prettier", ["--write", "--log-level", "warn", ...FORMATTED]);
  for (const crate of [".", "examples/rust-worker"])
    run("cargo", ["fmt", "--manifest-path", `${crate}/Cargo.toml`]);
} else {
  run("prettier", ["--check", "--log-level", "warn", ...FORMATTED]);
  run("eslint", ["--max-warnings", "0", "."]);
  checkTypes();
}

/**
 * Checks all projects. Uses the types of the last build, and builds the package if there is none.
 */
function checkTypes() {
  if (!existsSync(join(root, "pkg", "bulk.d.ts"))) build();
  // wasm-bindgen's glue has no types. These do not ship; the next build removes them.
  cpSync(join(root, "scripts", "types", "wasm"), join(root, "pkg", "wasm"), { recursive: true });
  for (const project of globSync(PROJECTS, { cwd: root, exclude: ["node_modules"] }).sort())
    run("tsc", ["--project", project]);
}
