// Runs one app: installs and builds it, runs what was built, and has it make a round trip.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { SECRET_KEY } from "../../emulator/server.js";
import { startWorker } from "../../scripts/worker.js";
import { execute, serve } from "./execute.js";
import { installApp } from "./install.js";

/** What round-trip.ts returns, wherever it runs. */
const EXPECTED = '{"created":"pending","revoked":"revoked","again":"rejected","many":["pending"]}';

/** What the programs find in their environment, and Workers in their bindings. */
const secrets = (emulator) => ({ CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: emulator.url });

/** Throws unless the round trip was made, as the app and the emulator say. Returns the version of what the app is built with. */
export async function runApp(row, emulator, control, options = {}) {
  const dir = await installApp(row.folder, options);
  const env = { ...secrets(emulator), ...row.env };
  for (const command of row.build ?? []) await execute(dir, command, env);
  await control.reset();
  const said = await answer(row, dir, env);
  assert.ok(said.includes(EXPECTED), said);
  const statuses = (await control.tokens()).map(({ status }) => status);
  assert.deepEqual(statuses, ["revoked", "pending"]);
  return versionOf(dir, row.of);
}

/** A row has a program that ends, a server, or a Worker. */
async function answer({ runs, serves, worker, path = "/round-trip" }, dir, env) {
  if (runs) return execute(dir, runs, env);
  const server = serves
    ? await serve(dir, serves, env)
    : await startWorker(dir, { config: worker, vars: env });
  try {
    // Astro refuses what could be a form of another site.
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.url}${path}`, { method: "POST", headers });
    return `${response.status} ${await response.text()}\n${server.output}`;
  } finally {
    await server.stop();
  }
}

function versionOf(dir, name) {
  return JSON.parse(readFileSync(join(dir, "node_modules", name, "package.json"), "utf8")).version;
}
