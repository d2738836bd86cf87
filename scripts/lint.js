// npm run lint: Prettier, ESLint and the types. `npm run fix` applies what the first two can.
import { checkTypes } from "./checks/types.js";
import { run } from "./tools.js";

export function lint() {
  run("prettier", ["--check", "--log-level", "warn", "."]);
  run("eslint", ["--max-warnings", "0", "."]);
}

if (import.meta.filename === process.argv[1]) {
  lint();
  checkTypes();
}
