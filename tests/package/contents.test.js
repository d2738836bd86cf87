// Tests which files the packages contain, and that the client has no dependency.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";

import { app } from "../support/app.ts";

const dir = join(app, "node_modules", "clerk-sign-in-tokens");
const commandDir = join(app, "node_modules", "clerk-sign-in-tokens-cli");

const manifestOf = (dir) => JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));

function filesOf(dir) {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1));
  return files.sort();
}

test("the tarball contains exactly the files that a user needs", () => {
  assert.deepEqual(filesOf(dir), [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "bulk.d.ts",
    "bulk.js",
    "bulk/clock.js",
    "bulk/options.js",
    "bulk/pacer.js",
    "bulk/rate-limiter.js",
    "bulk/run.js",
    "cjs/bulk.d.ts",
    "cjs/bulk.js",
    "cjs/bulk/clock.js",
    "cjs/bulk/options.js",
    "cjs/bulk/pacer.js",
    "cjs/bulk/rate-limiter.js",
    "cjs/bulk/run.js",
    "cjs/client.js",
    "cjs/error.js",
    "cjs/exchange.js",
    "cjs/index.d.ts",
    "cjs/index.js",
    "cjs/load.js",
    "cjs/package.json",
    "cjs/platform.js",
    "cjs/testing.d.ts",
    "cjs/testing.js",
    "cjs/wasm/clerk_sign_in_tokens_bg.js",
    "cjs/wasm/inline.js",
    "client.js",
    "edge-light.js",
    "error.js",
    "exchange.js",
    "index.d.ts",
    "index.js",
    "load.js",
    "package.json",
    "platform.js",
    "testing.d.ts",
    "testing.js",
    "wasm/clerk_sign_in_tokens_bg.js",
    "wasm/clerk_sign_in_tokens_bg.wasm",
    "wasm/inline.js",
    "workerd.js",
  ]);
});

test("the CommonJS build has every module that its entries need", () => {
  const { exports } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  const require = createRequire(join(dir, "cjs", "index.js"));
  for (const { require: entry } of [exports["."], exports["./bulk"]]) require(join(dir, entry));
});

test("bundlers keep every module that loads the wasm", () => {
  const { exports, sideEffects } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  const { types: _, ...entries } = exports["."];
  for (const file of Object.values(entries)) assert.ok(sideEffects.includes(file), file);
});

test("the package has no dependency and no install script", () => {
  const manifest = manifestOf(dir);
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "scripts"])
    assert.equal(manifest[field], undefined);
});

test("the command is a separate package: one file, which depends only on the client", () => {
  assert.deepEqual(filesOf(commandDir), [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "LICENSE-THIRD-PARTY",
    "README.md",
    "dist/main.js",
    "package.json",
  ]);
  const { bin, dependencies, scripts } = manifestOf(commandDir);
  assert.deepEqual(Object.keys(dependencies), ["clerk-sign-in-tokens"]);
  assert.deepEqual(bin, { "clerk-sign-in-tokens": "dist/main.js" });
  assert.equal(scripts, undefined);
  assert.equal(manifestOf(dir).bin, undefined);
});
