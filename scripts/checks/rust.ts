// npm run test:rust: formats, lints and tests of the crate, natively, and its documentation.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { fail, root, run, succeeds, withCfg } from "../tools.js";

const WASM = ["--target", "wasm32-unknown-unknown"];

/** A user's crate, which its own tests run natively. It shares a folder with worker-build. */
const EXAMPLE = ["--manifest-path", "examples/rust-worker/Cargo.toml"];
const EXAMPLE_TARGET = join(root, "target", "examples");

function testRust() {
  run("cargo", ["fmt", "--check"]);
  lint(["--all-features", "--all-targets"]);
  // As Rust users build it, with the tests of tests/wasm, then as the npm package is built.
  lint([...WASM, "--all-features", "--all-targets"]);
  lint(WASM);
  lint([...WASM, "--all-targets"], ["npm_package", "test_panic"]);
  const env = { ...process.env, RUSTDOCFLAGS: "-D warnings" };
  run("cargo", ["doc", "--locked", "--no-deps", "--all-features", ...WASM], { env });
  checkOldestCompiler();
  testCore(14, 256);
  const example = { env: { ...process.env, CARGO_TARGET_DIR: EXAMPLE_TARGET } };
  run("cargo", ["test", "--locked", ...EXAMPLE], example);
  run("cargo", ["check", "--locked", ...EXAMPLE, ...WASM], example);
}

function lint(flags: string[], cfgs: string[] = []) {
  const env = withCfg({ ...process.env, CLIPPY_CONF_DIR: join(root, "scripts") }, ...cfgs);
  run("cargo", ["clippy", "--locked", ...flags, "--", "-D", "warnings"], { env });
}

/** Checks the crate with the compiler of its `rust-version`, where that is installed. */
function checkOldestCompiler() {
  const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
  const [, version] =
    manifest.match(/^rust-version = "(.+)"$/m) ?? fail("Cargo.toml has no rust-version.");
  const toolchain = `+${version}.0`;
  if (succeeds("cargo", [toolchain, "--version"]))
    run("cargo", [toolchain, "check", "--locked", "--all-features", ...WASM]);
  else {
    const reason = `Rust ${version} is not installed: it was not tried.`;
    if (process.env.CI) fail(reason);
    console.log(reason);
  }
}

/**
 * Tests the crate natively.
 *
 * @param seed of the properties' random cases
 * @param cases of each property
 */
export function testCore(seed: number, cases: number) {
  const env = { PROPTEST_RNG_SEED: String(seed), PROPTEST_CASES: String(cases) };
  run("cargo", ["test", "--locked", "--all-features"], { env: { ...process.env, ...env } });
}

if (import.meta.filename === process.argv[1]) testRust();
