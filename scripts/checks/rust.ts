// npm run test:rust: formats, lints and tests of the crate, natively.
import { join } from "node:path";

import { root, run } from "../tools.js";

/** With the tests of tests/wasm, which only compile for this target. */
const WASM = ["--target", "wasm32-unknown-unknown", "--all-targets"];

function testRust() {
  run("cargo", ["fmt", "--check"]);
  lint(["--all-features", "--all-targets"]);
  lint(["--all-features", ...WASM]);
  // As Rust users build it.
  lint(WASM);
  testCore(14, 256);
}

function lint(flags: string[]) {
  const env = { ...process.env, CLIPPY_CONF_DIR: join(root, "scripts") };
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
