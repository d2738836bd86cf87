// npm run lint: Prettier and ESLint. `npm run fix` applies what they can.
import { run } from "./tools.js";

export function lint() {
  run("prettier", ["--check", "--log-level", "warn", "."]);
  run("eslint", ["--max-warnings", "0", "."]);
}

if (import.meta.filename === process.argv[1]) lint();
