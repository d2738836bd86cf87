// npm run test:rust: formats, lints and tests of the crate, natively, and its documentation.
import { join } from "node:path";

import { root, run, withCfg } from "../tools.js";

export const WASM = ["--target", "wasm32-unknown-unknown"];

function testRust() {
  run("cargo", ["fmt", "--check"]);
  lint(["--all-features", "--all-targets"]);
  // As Rust users build it, with the tests of tests/wasm, then as the npm package is built.
  lint([...WASM, "--all-features", "--all-targets"]);
  lint(WASM);
  lint([...WASM, "--all-targets"], ["npm_package", "test_panic"]);
  const env = { ...process.env, RUSTDOCFLAGS: "-D warnings" };
  run("cargo", ["doc", "--locked", "--no-deps", "--all-features", ...WASM], { env });
  testCore(14, 256);
}

function lint(flags: string[], cfgs: string[] = []) {
  const env = withCfg({ ...process.env, CLIPPY_CONF_DIR: join(root, "scripts") }, ...cfgs);
  run("cargo", ["clippy", "--locked", ...flags, "--", "-D", "warnings"], { env });
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
