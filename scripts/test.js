// npm test: everything; `-- FILE…` runs only these JavaScript test files. Flags go to node's test runner.
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";

import { browser } from "./browser.js";
import { duration, runLanes } from "./checks/sections.js";
import { testTarball } from "./checks/tarball.js";
import { pack, packageTarball } from "./pack.js";
import { buildTools, fail, root } from "./tools.js";

/**
 * The sections before the tests of the tarball. The lanes build in different folders.
 *
 * @type {import("./checks/sections.js").Section[][]}
 */
const LANES = [
  [
    ["Format and lint", "checks/style.js"],
    ["Dependencies", "checks/dependencies.js"],
    ["The tarball", "checks/artifacts.js"],
    ["Types", "checks/types.js"],
    ["Fuzz targets, briefly", "checks/fuzz.js"],
  ],
  [
    ["The core, natively", "checks/rust.js"],
    ["The bindings in Node, Deno and Chromium", "checks/bindings.js"],
    ["The Worker in Rust", "checks/rust-worker.js"],
  ],
];

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith("-"));
const files = args.filter((arg) => !arg.startsWith("-")).map(inWorkspace);

if (files.length > 0) process.exitCode = testTarball(pack({ reuse: true }), { files, flags });
else await testAll();

async function testAll() {
  const since = performance.now();
  // Installs everything first.
  buildTools();
  browser();
  if (!(await runLanes(LANES))) return (process.exitCode = 1);

  console.log(`\n=== The packed tarball, ${duration(since)} after the start ===\n`);
  process.exitCode = testTarball(packageTarball(), { flags, isPrepared: true });
}

/**
 * Returns the path of a file from the workspace's root. A relative one is relative to where the command was typed.
 *
 * @param {string} file
 */
function inWorkspace(file) {
  const path = resolve(process.env.INIT_CWD ?? root, file);
  if (!existsSync(path)) fail(`There is no test file ${file}. Usage: npm test -- tests/….test.js`);
  return relative(root, path);
}
