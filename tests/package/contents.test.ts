// Tests which files the packages contain, and that the client has no dependency.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";

import { app } from "../support/app.ts";

const dir = join(app, "node_modules", "clerk-sign-in-tokens");
const commandDir = join(app, "node_modules", "clerk-sign-in-tokens-cli");

const manifestOf = (dir: string) => JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));

function filesOf(dir: string) {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1));
  return files.sort();
}

const LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"];

/** The modules and types that the package has twice: as ES modules, and in cjs/. */
const TWICE = [
  ...["index.d.ts", "bulk.d.ts", "testing.d.ts"],
  ...["index.js", "client.js", "error.js", "exchange.js", "load.js", "platform.js", "testing.js"],
  ...["bulk.js", "bulk/clock.js", "bulk/options.js", "bulk/pacer.js", "bulk/rate-limiter.js"],
  ...["bulk/run.js", "wasm/clerk_sign_in_tokens_bg.js", "wasm/inline.js"],
];

test("the tarball contains exactly the files that a user needs", () => {
  const expected = [
    ...TWICE,
    ...TWICE.map((file) => `cjs/${file}`),
    ...["workerd.js", "edge-light.js", "wasm/clerk_sign_in_tokens_bg.wasm"],
    ...["package.json", "cjs/package.json", "README.md", ...LICENCES],
  ];
  assert.deepEqual(filesOf(dir), expected.sort());
});

test("the CommonJS build has every module that its entries need", () => {
  const require = createRequire(join(dir, "cjs", "index.js"));
  const { exports } = manifestOf(dir);
  for (const entry of [".", "./bulk", "./testing"]) require(join(dir, exports[entry].require));
});

test("bundlers keep every module that loads the wasm", () => {
  const { exports, sideEffects } = manifestOf(dir);
  const { types: _, ...entries } = exports["."];
  for (const file of Object.values(entries)) assert.ok(sideEffects.includes(file), String(file));
});

test("the package has no dependency and no install script", () => {
  const manifest = manifestOf(dir);
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "scripts"])
    assert.equal(manifest[field], undefined);
});

test("the command is a separate package: one file, which depends only on the client", () => {
  assert.deepEqual(
    filesOf(commandDir),
    [...LICENCES, "LICENSE-THIRD-PARTY", "README.md", "dist/main.js", "package.json"].sort(),
  );
  const { bin, dependencies, scripts } = manifestOf(commandDir);
  assert.deepEqual(Object.keys(dependencies), ["clerk-sign-in-tokens"]);
  assert.deepEqual(bin, { "clerk-sign-in-tokens": "dist/main.js" });
  assert.equal(scripts, undefined);
  assert.equal(manifestOf(dir).bin, undefined);
});
