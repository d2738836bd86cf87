// npm run fuzz -- RUNTIME SEED COUNT: packs the package, and fuzzes it as tests/fuzz/main.ts says.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { install } from "./install.ts";
import { pack } from "./pack.ts";
import { root, run } from "./tools.js";

const app = install([pack()], ["tests/fixtures/agent"]);
process.on("exit", () => rmSync(dirname(app), { recursive: true, force: true }));
run("node", [join(root, "tests", "fuzz", "main.ts"), ...process.argv.slice(2)], {
  env: { ...process.env, TEST_APP: app },
});
