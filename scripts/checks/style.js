// Checks the format with Prettier, and the rules of ESLint.
import { run } from "../tools.js";

export function checkStyle() {
  run("prettier", ["--check", "--log-level", "warn", "."]);
  run("eslint", ["--max-warnings", "0", "."]);
}

if (import.meta.filename === process.argv[1]) checkStyle();
