// Tests one app: installs, builds and starts it, and lets it make a round trip.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { SECRET_KEY } from "../../emulator/server.ts";
import { startWorker } from "../../scripts/worker.ts";
import { execute, serve } from "./execute.ts";
import { installApp, managerCommand } from "./install.ts";
import type { App } from "./apps.ts";
import type { Control } from "../../emulator/control.ts";

/** The result of round-trip.ts in every app, and the resulting tokens in the emulator. */
const ROUND_TRIP = {
  path: "/round-trip",
  says: '{"created":"pending","revoked":"revoked","again":"not_pending","many":["pending"]}',
  tokens: ["revoked", "pending"],
};

/** The same for an app that does not use the bulk entry. */
const ONE_TOKEN = {
  path: "/one-token",
  says: '{"created":"pending","revoked":"revoked"}',
  tokens: ["revoked"],
};

/** Returns the environment of programs, and the bindings of Workers. */
const secrets = (api: { url: string }) => ({
  CLERK_SECRET_KEY: SECRET_KEY,
  CLERK_API_URL: api.url,
});

/** Makes the round trip, and throws if it fails. Returns the version of the app's framework. */
export async function runApp(
  app: App,
  api: { url: string },
  control: Control,
  { newest }: { newest: boolean },
) {
  const manager = app.manager ? managerCommand(app.manager, newest) : undefined;
  const dir = await installApp(app, manager, newest);
  const env = secrets(api);
  await control.reset();
  for (const command of app.build ?? []) await execute(dir, command, env);
  assert.equal((await control.tokens()).length, 0, "the build created a token");
  const { path, says, tokens } = app.withoutBulk ? ONE_TOKEN : ROUND_TRIP;
  const said = await answer({ path, ...app }, dir, env, manager);
  assert.ok(said.includes(says), said);
  const statuses = (await control.tokens()).map(({ status }) => status);
  assert.deepEqual(statuses, tokens);
  if (app.visits) await visitAll(app, dir, env, control);
  if (manager) return (await execute(dir, [...manager, "--version"])).trim();
  return versionOf(dir, app.of ?? app.packages[0]);
}

/**
 * Runs the built app: a program that exits, a server, or a Worker. Returns its output or answer.
 */
async function answer(app: App, dir: string, env: NodeJS.ProcessEnv, manager?: string[]) {
  const { runs, path } = app;
  if (runs) return execute(dir, manager ? [...manager, "exec", ...runs] : runs, env);
  const server = await start(app, dir, env);
  try {
    // Astro refuses requests that could be a cross-site form.
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.url}${path}`, { method: "POST", headers });
    return `${response.status} ${await response.text()}\n${server.output}`;
  } finally {
    await server.stop();
  }
}

/** Starts the built app. A Worker stores its state in a folder that is searched for tokens. */
function start({ serves, worker }: App, dir: string, env: NodeJS.ProcessEnv) {
  if (serves) return serve(dir, serves, env);
  const config = typeof worker === "object" ? "worker.json" : worker;
  if (typeof worker === "object") {
    const content = { name: "app", compatibility_date: "2026-11-17", ...worker };
    writeFileSync(join(dir, "worker.json"), JSON.stringify(content));
  }
  return startWorker(dir, { config, vars: env, persistence: join(dir, ".wrangler", "state") });
}

/** Visits each path twice: each visit creates its own token, which no file contains afterwards. */
async function visitAll(app: App, dir: string, env: NodeJS.ProcessEnv, control: Control) {
  const server = await start(app, dir, env);
  try {
    for (const path of (app.visits ?? []).flatMap((path) => [path, path])) {
      const before = await control.tokens();
      const text = await (await fetch(server.url + path)).text();
      const tokens = (await control.tokens()).slice(before.length);
      const context = `${path}: ${text.slice(0, 500)}\n${server.output}`;
      assert.equal(tokens.length, 1, `${tokens.length} tokens were created by ${context}`);
      assert.ok(text.includes(tokens[0].token), context);
    }
  } finally {
    await server.stop();
  }
  const tokens = (await control.tokens()).map(({ token }) => token);
  const folders = [".next", ".open-next", ".wrangler"].map((name) => join(dir, name));
  for (const folder of folders.filter(existsSync)) assertKeptNowhere(tokens, folder);
}

/** Looks for the tokens' signatures in all files, also as a part of a base64 text, as in caches. */
function assertKeptNowhere(tokens: string[], dir: string) {
  const signatures = tokens.map((token) => Buffer.from(token.split(".")[2]));
  const parts = (signature: Buffer) =>
    [0, 1, 2].map((n) => signature.subarray(n, n + 39).toString("base64"));
  const texts = signatures.flatMap((signature) => [String(signature), ...parts(signature)]);
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const content = readFileSync(file, "latin1");
    assert.ok(!texts.some((text) => content.includes(text)), `${file} contains a token`);
  }
}

function versionOf(dir: string, name: string) {
  return JSON.parse(readFileSync(join(dir, "node_modules", name, "package.json"), "utf8")).version;
}
