// Tests one app: installs, builds and starts it, and lets it make a round trip.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { SECRET_KEY } from "../../emulator/server.js";
import { startWorker } from "../../scripts/worker.js";
import { execute, serve } from "./execute.js";
import { installApp, managerCommand } from "./install.js";

/** The result of round-trip.ts in every app, and the resulting tokens in the emulator. */
const ROUND_TRIP = {
  path: "/round-trip",
  says: '{"created":"pending","revoked":"revoked","again":"rejected","many":["pending"]}',
  tokens: ["revoked", "pending"],
};

/** The same for an app that does not use the bulk entry. */
const ONE_TOKEN = {
  path: "/one-token",
  says: '{"created":"pending","revoked":"revoked"}',
  tokens: ["revoked"],
};

/** Returns the environment of programs, and the bindings of Workers. */
const secrets = (api) => ({ CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: api.url });

/** Makes the round trip, and throws if it fails. Returns the version of the app's framework. */
export async function runApp(app, api, control, { newest }) {
  const manager = app.manager && managerCommand(app.manager, newest);
  const dir = await installApp(app, manager, newest);
  const env = secrets(api);
  for (const command of app.build ?? []) await execute(dir, command, env);
  const { path, says, tokens } = app.withoutBulk ? ONE_TOKEN : ROUND_TRIP;
  await control.reset();
  const said = await answer({ path, ...app }, dir, env, manager);
  assert.ok(said.includes(says), said);
  const statuses = (await control.tokens()).map(({ status }) => status);
  assert.deepEqual(statuses, tokens);
  if (manager) return (await execute(dir, [...manager, "--version"])).trim();
  return versionOf(dir, app.of);
}

/**
 * Runs the built app: a program that exits, a server, or a Worker. Returns its output or answer.
 */
async function answer({ runs, serves, worker, path }, dir, env, manager) {
  if (runs) return execute(dir, manager ? [...manager, "exec", ...runs] : runs, env);
  const server = serves
    ? await serve(dir, serves, env)
    : await startWorker(dir, { config: worker, vars: env });
  try {
    // Astro refuses requests that could be a cross-site form.
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
