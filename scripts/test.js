// npm test: everything; `-- FILE…` runs only these JavaScript test files. Flags go to node's test runner.
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";

import { browser } from "./browser.js";
import { testInChromium, testInDeno, testInNode } from "./checks/bindings.js";
import { checkDependencies } from "./checks/dependencies.js";
import { fuzz } from "./checks/fuzz.js";
import { testRust } from "./checks/rust.js";
import { testTarball } from "./checks/tarball.js";
import { checkTypes } from "./checks/types.js";
import { lint } from "./lint.js";
import { pack } from "./pack.js";
import { buildTools, fail, root } from "./tools.js";

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith("-"));
const files = args.filter((arg) => !arg.startsWith("-")).map(inWorkspace);

if (files.length > 0) process.exitCode = testTarball(pack({ reuse: true }), files, flags);
else testAll();

function testAll() {
  // What has to be installed is installed first.
  buildTools();
  browser();

  section("Format and lint");
  lint();
  section("The core, natively");
  testRust();
  section("The bindings in Node, Deno and Chromium");
  testInNode();
  testInDeno();
  testInChromium();
  section("What comes in with dependencies");
  checkDependencies();
  section("The fuzz targets, briefly");
  fuzz();
  const tarball = pack();
  section("Types");
  checkTypes();
  section("The packed tarball");
  process.exitCode = testTarball(tarball, undefined, flags);
}

/** A file named from where the command was typed, as a path from the workspace's root. */
function inWorkspace(file) {
  const path = resolve(process.env.INIT_CWD ?? root, file);
  if (!existsSync(path)) fail(`There is no test file ${file}. Usage: npm test -- tests/….test.js`);
  return relative(root, path);
}

function section(title) {
  console.log(`\n=== ${title} ===\n`);
}
