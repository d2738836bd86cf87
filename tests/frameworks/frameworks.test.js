// The package in the frameworks that people build with. npm test runs the fast ones, npm run frameworks all or those named.
import { after, before, test } from "node:test";

import { Control } from "../../emulator/client.js";
import { startEmulator } from "../../emulator/server.js";
import { APPS } from "./apps.js";
import { runApp } from "./run.js";

// Set by scripts/frameworks.js.
const { FRAMEWORKS, FRAMEWORKS_NEWEST } = process.env;
const names = FRAMEWORKS?.split(",");
const chosen = APPS.filter(({ name, fast }) => (names ? names.includes(name) : fast));

let emulator, control;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
});
after(() => emulator.close());

// One after the other: each of them builds.
for (const app of chosen) {
  test(app.name, async (t) => {
    t.diagnostic(await runApp(app, emulator, control, { newest: Boolean(FRAMEWORKS_NEWEST) }));
  });
}
