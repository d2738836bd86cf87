// What npm run test:soak checks besides its test files: the dependencies, the oldest compiler, and
// the properties of the core with many random cases. The seed is printed.
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { fail, root, run, succeeds, toolFolder } from "../tools.js";
import { testCore, WASM } from "./rust.ts";

/** The cases of each property. */
const CASES = 10_000;

/** Licences, sources and advisories of the crates, as scripts/deny.toml allows them. */
function checkDependencies() {
  const deny = join(toolFolder("cargo-deny"), "cargo-deny");
  const check = ["--config", join(root, "scripts", "deny.toml"), "check"];
  run(deny, [...check, "bans", "licenses", "sources"]);
  if (succeeds(deny, ["fetch", "db"])) run(deny, [...check, "advisories"]);
  else console.log("Advisories were not checked: their database cannot be reached.");
}

/** Checks the crate with the compiler of its `rust-version`. */
function checkOldestCompiler() {
  const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
  const [, version] =
    manifest.match(/^rust-version = "(.+)"$/m) ?? fail("Cargo.toml has no rust-version.");
  const toolchain = `+${version}.0`;
  if (succeeds("cargo", [toolchain, "--version"]))
    run("cargo", [toolchain, "check", "--locked", "--all-features", ...WASM]);
  // CI has it.
  else if (process.env.CI) fail(`Rust ${version} is not installed.`);
  else console.log(`Rust ${version} was not tried: it is not installed.`);
}

checkDependencies();
checkOldestCompiler();
const seed = randomInt(1, 2 ** 31);
console.log(`seed ${seed}`);
testCore(seed, CASES);
