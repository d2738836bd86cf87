// npm run test:rust: formats, lints and tests of the crate, natively.
import { run } from "../tools.js";

const CLIPPY = ["clippy", "--locked", "--all-features"];
const DENY_WARNINGS = ["--", "-D", "warnings"];

export function testRust() {
  run("cargo", ["fmt", "--check"]);
  run("cargo", [...CLIPPY, "--all-targets", ...DENY_WARNINGS]);
  run("cargo", [...CLIPPY, "--target", "wasm32-unknown-unknown", ...DENY_WARNINGS]);
  run("cargo", ["test", "--locked", "--all-features"]);
}

if (import.meta.filename === process.argv[1]) testRust();
