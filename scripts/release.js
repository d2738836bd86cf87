// npm run release: everything before a release; `-- --publish` publishes to npm and crates.io.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { buildWasm } from "./build.js";
import { commandTarball, pack } from "./pack.js";
import { buildTools, fail, root, run } from "./tools.js";
import { versionProblems } from "./versions.js";

const {
  values: { publish },
} = parseArgs({ options: { publish: { type: "boolean", default: false } } });
const env = buildTools();

const tarball = pack();
for (const dir of ["target/release-check/a", "target/release-check/b"]) requireSameBytes(dir);
console.log("\nReproducible: two builds from nothing gave the same bytes.");

const problems = versionProblems(root, { isPublishing: publish });
if (problems.length > 0) fail(problems.join("\n"));
console.log("The versions agree.");

run("cargo", ["publish", "--dry-run", "--locked", ...(publish ? [] : ["--allow-dirty"])]);
if (publish) {
  run("wasm-pack", ["publish", "--access", "public", "pkg"], { env });
  // The command needs the package that was just published.
  run("npm", ["publish", "--access", "public", commandTarball()]);
  run("cargo", ["publish", "--locked"]);
}
console.log(publish ? "\nPublished." : `\nReady to publish: ${tarball}`);

/** Builds once more, with nothing to build on, and compares with what is in pkg/. */
function requireSameBytes(dir) {
  const target = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-target-"));
  try {
    buildWasm(dir, "npm", { CARGO_TARGET_DIR: target });
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
  const [one, other] = [join(root, "pkg", "wasm"), join(root, dir)];
  const files = readdirSync(one);
  if (String(files) !== String(readdirSync(other)))
    fail(`pkg/wasm has ${files}, another build ${readdirSync(other)}.`);
  for (const file of files) {
    if (!readFileSync(join(one, file)).equals(readFileSync(join(other, file))))
      fail(`Not reproducible: ${file}`);
  }
}
