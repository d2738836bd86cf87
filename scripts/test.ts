// npm test: what a change needs; npm run test:soak: what takes long; `-- --all`: both. `-- FILE…`
// runs only these test files. Other flags go to node's test runner.
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";

import concurrently from "concurrently";

import { browser } from "./browser.ts";
import { testTarball } from "./checks/tarball.ts";
import { pack, packageTarball } from "./pack.ts";
import { BUILD, fail, installTools, root } from "./tools.js";

interface Tier {
  /** Test files, by their names. */
  files: string;
  /** Tools besides those of every build. */
  tools: string[];
  /** Scripts that run before them, in two lanes, which build in different folders. */
  lanes: [string[], string[]];
}

const QUICK: Tier = {
  files: "{tests,emulator}/**/*.test.ts",
  tools: [],
  lanes: [["lint"], ["checks/rust", "checks/bindings"]],
};
const SOAK: Tier = {
  files: "{tests,emulator}/**/*.soak.ts",
  tools: ["worker-build", "cargo-deny"],
  lanes: [[], ["checks/soak"]],
};

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith("-") && arg !== "--soak" && arg !== "--all");
const files = args.filter((arg) => !arg.startsWith("-")).map(inWorkspace);

if (files.length > 0) process.exitCode = testTarball(pack({ reuse: true }), files, flags);
else if (args.includes("--all")) await testTiers([QUICK, SOAK]);
else await testTiers([args.includes("--soak") ? SOAK : QUICK]);

async function testTiers(tiers: Tier[]) {
  // Installs everything first.
  await installTools([...BUILD, ...tiers.flatMap(({ tools }) => tools)]);
  browser();
  const [first, second] = [0, 1].map((lane) => tiers.flatMap(({ lanes }) => lanes[lane]));
  await runLanes([["pack", ...first], second]);
  console.log("\n=== The packed tarball ===\n");
  const files = tiers.map((tier) => tier.files);
  process.exitCode = testTarball(packageTarball(), files, flags);
}

/**
 * Runs lanes of scripts, and ends this process if one fails. Prints a lane's output in one piece.
 */
async function runLanes(lanes: string[][]) {
  const commands = lanes.map((lane) => ({
    name: lane.join(", "),
    command: lane.map((name) => `echo "=== ${name} ===" && node scripts/${name}.ts`).join(" && "),
  }));
  const options = { cwd: root, group: true, prefix: "none", timings: true };
  await concurrently(commands, { ...options, killOthersOn: ["failure"] }).result.catch(() =>
    fail("A check failed: see above."),
  );
}

/**
 * Returns a file's path from the root. A relative one is relative to where the command was typed.
 */
function inWorkspace(file: string) {
  const path = resolve(process.env.INIT_CWD ?? root, file);
  if (!existsSync(path)) fail(`There is no test file ${file}. Usage: npm test -- tests/….test.ts`);
  return relative(root, path);
}
