// What users get: these files, and no dependency.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { app } from "../support/app.js";

const dir = join(app, "node_modules", "clerk-sign-in-tokens");

test("the tarball holds what a user needs, and nothing else", () => {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1));
  assert.deepEqual(files.sort(), [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "LICENSE-THIRD-PARTY",
    "README.md",
    "bulk.d.ts",
    "bulk.js",
    "bulk/options.js",
    "bulk/rate-limiter.js",
    "bulk/run.js",
    "cli.js",
    "edge-light.js",
    "error.js",
    "index.d.ts",
    "index.js",
    "load.js",
    "package.json",
    "testing.d.ts",
    "testing.js",
    "wasm/clerk_sign_in_tokens_bg.js",
    "wasm/clerk_sign_in_tokens_bg.wasm",
    "wasm/inline.js",
    "workerd.js",
  ]);
});

test("the package has no dependency and no install script", () => {
  const manifest = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "scripts"])
    assert.equal(manifest[field], undefined);
});
