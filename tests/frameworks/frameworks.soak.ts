// Tests the package in popular frameworks. npm run test:soak runs the fast ones, npm run frameworks
// all or the named ones.
import { appendFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { startEmulator } from "../../emulator/server.ts";
import { startCompressing } from "../support/compressing.ts";
import { APPS } from "./apps.ts";
import { runApp } from "./run.ts";
import type { Emulator } from "../support/client.ts";

// Set by scripts/frameworks.ts: the names, or "all"; whether to use the newest versions; the file
// for the results.
const { FRAMEWORKS, FRAMEWORKS_NEWEST, FRAMEWORKS_RESULTS } = process.env;

let emulator: Emulator;
let api: Awaited<ReturnType<typeof startCompressing>>;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  api = await startCompressing(emulator.url);
});
after(async () => {
  await api.close();
  await emulator.close();
});

// The apps run one at a time, because each of them builds.
for (const app of chosen()) {
  test(app.name, async () => {
    const run = { version: "", result: "failed" };
    try {
      run.version = await runApp(app, api, emulator.control, {
        newest: Boolean(FRAMEWORKS_NEWEST),
      });
      run.result = "passed";
    } finally {
      if (FRAMEWORKS_RESULTS) record({ name: app.name, ...run });
    }
  });
}

function chosen() {
  if (!FRAMEWORKS) return APPS.filter(({ fast }) => fast);
  if (FRAMEWORKS === "all") return APPS;
  const names = FRAMEWORKS.split(",");
  const known = APPS.flatMap(({ name, folder }) => [name, folder]);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown) throw new Error(`${unknown}: expected one of ${[...new Set(known)].join(", ")}`);
  return APPS.filter(({ name, folder }) => names.includes(name) || names.includes(folder));
}

function record(result: object) {
  appendFileSync(FRAMEWORKS_RESULTS ?? "", `${JSON.stringify(result)}\n`);
}
