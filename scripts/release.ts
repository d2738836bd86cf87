// npm run release: packs the packages, and runs all checks before a release. `-- --final` fails
// where a rehearsal only says what is missing; `-- --publish` publishes to npm and crates.io.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { buildWasm } from "./build.ts";
import { missingToPublish, versionProblems } from "./manifests.ts";
import { commandTarball, pack } from "./pack.ts";
import { buildTools, fail, root, run } from "./tools.js";

/** The folder of the second build. */
const AGAIN = "target/release-check";

const {
  values: { publish, final: isFinal = publish },
} = parseArgs({
  options: { publish: { type: "boolean", default: false }, final: { type: "boolean" } },
});
const missing = missingToPublish(root);
if (isFinal && missing.length > 0) fail(missing.join("\n"));
const env = buildTools();

const tarball = fromNothing((target) => pack({ env: target }));
fromNothing((target) => buildWasm(AGAIN, { env: target }));
requireSameBytes(join(root, "pkg", "wasm"), join(root, AGAIN));
console.log("\nReproducible: two builds from nothing gave the same bytes.");

const problems = versionProblems(root);
if (problems.length > 0) fail(problems.join("\n"));
console.log("The versions agree.");

run("cargo", ["publish", "--dry-run", "--locked", ...(isFinal ? [] : ["--allow-dirty"])]);
if (publish) {
  run("wasm-pack", ["publish", "--access", "public", "pkg"], { env });
  // The command needs the package that was just published.
  run("npm", ["publish", "--access", "public", commandTarball()]);
  run("cargo", ["publish", "--locked"]);
}
if (publish) console.log("\nPublished.");
else if (missing.length === 0) console.log(`\nReady to publish: ${tarball}`);
else console.log(`\nPacked: ${tarball}\nBefore it can be published:\n${missing.join("\n")}`);

/** Calls `build` with an environment in which cargo builds everything anew. Returns its result. */
function fromNothing<T>(build: (env: NodeJS.ProcessEnv) => T): T {
  const target = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-target-"));
  try {
    return build({ CARGO_TARGET_DIR: target });
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

/** Fails unless both folders have the same files. */
function requireSameBytes(one: string, other: string) {
  const files = readdirSync(one);
  // The build moved the types of the first one to pkg/index.d.ts.
  const others = readdirSync(other).filter((file) => !file.endsWith(".d.ts"));
  if (String(files) !== String(others)) fail(`${one} has ${files}, another build ${others}.`);
  for (const file of files) {
    if (!readFileSync(join(one, file)).equals(readFileSync(join(other, file))))
      fail(`Not reproducible: ${file}`);
  }
}
