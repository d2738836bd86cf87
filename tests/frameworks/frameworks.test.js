// The package in the frameworks that people build with. npm test runs the fast ones, npm run frameworks all or those named.
import { appendFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { Control } from "../../emulator/client.js";
import { startEmulator } from "../../emulator/server.js";
import { APPS } from "./apps.js";
import { runApp } from "./run.js";

// Set by scripts/frameworks.js: the names, or "all"; whether the newest versions are asked for; where the results go.
const { FRAMEWORKS, FRAMEWORKS_NEWEST, FRAMEWORKS_RESULTS } = process.env;

let emulator, control;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
});
after(() => emulator.close());

// One after the other: each of them builds.
for (const app of chosen()) {
  test(app.name, async () => {
    const run = { version: "", result: "failed" };
    try {
      run.version = await runApp(app, emulator, control, { newest: Boolean(FRAMEWORKS_NEWEST) });
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

function record(result) {
  appendFileSync(FRAMEWORKS_RESULTS, `${JSON.stringify(result)}\n`);
}
