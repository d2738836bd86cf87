// npm test: what a change needs; npm run test:soak: what takes long; `-- --all`: both. `-- FILE…` runs only these JavaScript
// test files. Other flags go to node's test runner.
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";

import { browser } from "./browser.js";
import { duration, runLanes } from "./checks/sections.js";
import { testTarball } from "./checks/tarball.js";
import { pack, packageTarball } from "./pack.js";
import { BUILD, fail, installTools, root } from "./tools.js";

/**
 * @typedef {object} Tier
 * @property {string} files the test files, by their names
 * @property {string[]} tools besides those of every build
 * @property {import("./checks/sections.js").Section[][]} lanes two lanes of sections that run before the test files. They build
 *   in different folders
 */

/** @type {Record<string, Tier>} */
const TIERS = {
  quick: {
    files: "{tests,emulator}/**/*.test.js",
    tools: [],
    lanes: [
      [
        ["Types", "checks/types.js"],
        ["Format and lint", "checks/style.js"],
      ],
      [
        ["The core, natively", "checks/rust.js"],
        ["The bindings in Node, Deno and Chromium", "checks/bindings.js"],
      ],
    ],
  },
  soak: {
    files: "{tests,emulator}/**/*.soak.js",
    tools: ["worker-build", "cargo-deny"],
    lanes: [
      [["Dependencies", "checks/dependencies.js"]],
      [["The core, at random", "checks/fuzz.js"]],
    ],
  },
};

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith("-") && arg !== "--soak" && arg !== "--all");
const files = args.filter((arg) => !arg.startsWith("-")).map(inWorkspace);

if (files.length > 0) process.exitCode = testTarball(pack({ reuse: true }), { files, flags });
else if (args.includes("--all")) await testTiers([TIERS.quick, TIERS.soak]);
else await testTiers([args.includes("--soak") ? TIERS.soak : TIERS.quick]);

/** @param {Tier[]} tiers */
async function testTiers(tiers) {
  const since = performance.now();
  // Installs everything first.
  await installTools([...BUILD, ...tiers.flatMap(({ tools }) => tools)]);
  browser();
  const [first, second] = [0, 1].map((lane) => tiers.flatMap(({ lanes }) => lanes[lane]));
  if (!(await runLanes([[["The tarball", "checks/artifacts.js"], ...first], second])))
    return (process.exitCode = 1);

  console.log(`\n=== The packed tarball, ${duration(since)} after the start ===\n`);
  const files = tiers.map((tier) => tier.files);
  process.exitCode = testTarball(packageTarball(), { files, flags, isPrepared: true });
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
