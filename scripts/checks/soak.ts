// What npm run test:soak checks besides its test files: the dependencies, the oldest compiler, the
// properties of the core with many random cases, then the fuzz targets. The seed is printed.
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { fail, root, run, succeeds, toolFolder } from "../tools.js";
import { testCore, WASM } from "./rust.ts";

/** The cases of each property. */
const CASES = 10_000;

const LIMITS = ["-max_total_time=5", "-max_len=1024", "-verbosity=0"];

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
  else skip(`Rust ${version} was not tried: it is not installed.`);
}

function fuzz() {
  const seed = randomInt(1, 2 ** 31);
  console.log(`seed ${seed}`);
  testCore(seed, CASES);
  if (!succeeds("cargo", ["+nightly", "--version"]) || !succeeds("c++", ["--version"]))
    return skip("No fuzz target was run: they need a nightly toolchain and a C++ compiler.");
  const PATH = [toolFolder("cargo-fuzz"), process.env.PATH].join(delimiter);
  const command = ["+nightly", "fuzz", "run", "--fuzz-dir", "tests/fuzz/core"];
  for (const target of ["call", "retry_after"])
    run("cargo", [...command, target, "--", ...LIMITS, `-seed=${seed}`], {
      env: { ...process.env, PATH },
    });
}

/** CI has all that the checks need. */
function skip(reason: string) {
  if (process.env.CI) fail(reason);
  console.log(reason);
}

checkDependencies();
checkOldestCompiler();
fuzz();
