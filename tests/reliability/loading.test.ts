// Tests several entries in one realm: the one that loaded first continues to work.
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { app } from "../support/app.ts";
import { TOKEN } from "../support/token.ts";

const pkg = join(app, "node_modules", "clerk-sign-in-tokens");

// Loads a file with `?module` as a compiled module, like the bundlers of Workers and Vercel.
const hooks = registerHooks({
  load(url, context, next) {
    if (!url.endsWith(".wasm?module")) return next(url, context);
    const bytes = readFileSync(fileURLToPath(url)).toString("base64");
    const source = `export default new WebAssembly.Module(Buffer.from("${bytes}", "base64"));`;
    return { format: "module", source, shortCircuit: true };
  },
});
after(() => hooks.deregister());

const load = (file: string, dir = pkg) => import(join(dir, file));

/** Starts a call whose fetch resolves when `answer()` is called. */
function begin({ SignInTokens }: typeof import("clerk-sign-in-tokens")) {
  const { promise: released, resolve: answer } = Promise.withResolvers<void>();
  const fetch = async () => {
    await released;
    return Response.json(TOKEN);
  };
  const tokens = new SignInTokens({ secretKey: "sk_test_loading", fetch });
  return { tokens, answer, call: tokens.create({ userId: "user_1" }) };
}

async function works({ tokens, answer, call }: ReturnType<typeof begin>) {
  answer();
  assert.equal((await call).id, "sit_1");
  assert.equal((await tokens.create({ userId: "user_1" })).id, "sit_1");
}

const first = await load("index.js");

for (const file of ["workerd.js", "edge-light.js"]) {
  test(`index.js and then ${file}: one class, and calls in flight succeed`, async () => {
    const inFlight = begin(first);
    const second = await load(file);
    assert.equal(second.SignInTokens, first.SignInTokens);
    assert.equal(second.SignInTokensError, first.SignInTokensError);
    await works(inFlight);
    await works(begin(second));
  });
}

test("an entry that is evaluated twice gives one class", async () => {
  const inFlight = begin(first);
  const url = pathToFileURL(join(pkg, "index.js"));
  const again = await import(`${url}?again`);
  assert.notEqual(again, first);
  assert.equal(again.SignInTokens, first.SignInTokens);
  await works(inFlight);
  await works(begin(again));
});

test("import and require() give one class", async () => {
  const inFlight = begin(first);
  const required = createRequire(import.meta.url)(join(pkg, "index.js"));
  assert.equal(required.SignInTokens, first.SignInTokens);
  await works(inFlight);
  await works(begin(required));
});

test("two copies of the package work independently", async () => {
  const inFlight = begin(first);
  const copy = `${app}-copy`;
  cpSync(pkg, copy, { recursive: true });
  const other = await load("index.js", copy);
  assert.notEqual(other.SignInTokens, first.SignInTokens);
  const bulk = await load("bulk.js", copy);
  await works(begin(other));
  await works(inFlight);
  const { tokens, answer } = begin(other);
  answer();
  for await (const { token } of bulk.createMany(tokens, [{ userId: "user_1" }]))
    assert.equal(token.id, "sit_1");
});
