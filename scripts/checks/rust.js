// npm run test:rust: formats, lints and tests of the crate, natively.
import { run } from "../tools.js";

/** With the tests of tests/wasm, which only compile for this target. */
const WASM = ["--target", "wasm32-unknown-unknown", "--all-targets"];
const DENY_WARNINGS = ["--", "-D", "warnings"];

export function testRust() {
  run("cargo", ["fmt", "--check"]);
  const clippy = ["clippy", "--locked"];
  run("cargo", [...clippy, "--all-features", "--all-targets", ...DENY_WARNINGS]);
  run("cargo", [...clippy, "--all-features", ...WASM, ...DENY_WARNINGS]);
  // As Rust users build it.
  run("cargo", [...clippy, ...WASM, ...DENY_WARNINGS]);
  testCore(14, 256);
}

/**
 * Tests the crate natively.
 *
 * @param {number} seed of the properties' random cases
 * @param {number} cases of each property
 */
export function testCore(seed, cases) {
  const env = { PROPTEST_RNG_SEED: String(seed), PROPTEST_CASES: String(cases) };
  run("cargo", ["test", "--locked", "--all-features"], { env: { ...process.env, ...env } });
}

if (import.meta.filename === process.argv[1]) testRust();
