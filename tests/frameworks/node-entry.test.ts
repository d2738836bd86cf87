// Tests the error of a Worker into which a bundler put the entry for Node.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { startWorker } from "../../scripts/worker.ts";
import { app } from "../support/app.ts";

const WORKER = `
  const message = () => import("clerk-sign-in-tokens").then(() => "loaded", (error) => error.message);
  export default { fetch: async () => new Response(await message()) };
`;

/** Starts a Worker with additional `settings` of wrangler, and returns its answer. */
async function answer(name: string, settings = {}) {
  const dir = join(app, name);
  mkdirSync(dir);
  const config = { name, main: "index.js", compatibility_date: "2026-11-17", ...settings };
  writeFileSync(join(dir, "wrangler.jsonc"), JSON.stringify(config));
  writeFileSync(join(dir, "index.js"), WORKER);
  const worker = await startWorker(dir);
  try {
    return await (await fetch(worker.url)).text();
  } finally {
    await worker.stop();
  }
}

test("the entry for Workers loads in a Worker", async () => {
  assert.equal(await answer("entry-for-workers"), "loaded");
});

test("the entry for Node fails with an error that names the setting to change", async () => {
  const file = join(app, "node_modules", "clerk-sign-in-tokens", "index.js");
  const message = await answer("entry-for-node", { alias: { "clerk-sign-in-tokens": file } });
  assert.match(message, /does not compile WebAssembly from bytes/);
  assert.match(message, /condition "workerd"/);
  assert.match(message, /serverExternalPackages: \["clerk-sign-in-tokens"\]/);
});
