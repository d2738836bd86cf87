// npm run fix: formats everything, and applies what ESLint can.
import { run } from "./tools.js";

run("eslint", ["--fix", "."]);
run("prettier", ["--write", "--log-level", "warn", "."]);
for (const crate of [".", "fuzz", "examples/rust-worker"]) {
  run("cargo", ["fmt", "--manifest-path", `${crate}/Cargo.toml`]);
}
