// npm run release: what it refuses, and that two builds from nothing are the same.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { root } from "../../scripts/tools.js";
import { versionProblems } from "../../scripts/versions.js";

test("npm run release builds the same bytes twice, and has cargo and npm try", async () => {
  const { stdout } = await promisify(execFile)("npm", ["run", "release"], {
    cwd: root,
    maxBuffer: 1e8,
  });
  assert.match(
    stdout,
    /Reproducible[^]*The versions agree[^]*Ready to publish: .*clerk-sign-in-tokens-\d/,
  );
});

test("a version that does not agree is named", () => {
  const dir = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-versions-"));
  const files = [
    "Cargo.toml",
    "Cargo.lock",
    "CHANGELOG.md",
    "cli/package.json",
    "pkg/package.json",
    "pkg/wasm/clerk_sign_in_tokens_bg.wasm",
  ];
  mkdirSync(join(dir, "pkg", "wasm"), { recursive: true });
  mkdirSync(join(dir, "cli"));
  for (const file of files) cpSync(join(root, file), join(dir, file));
  assert.deepEqual(versionProblems(dir), []);

  const manifest = readFileSync(join(dir, "pkg/package.json"), "utf8");
  writeFileSync(
    join(dir, "pkg/package.json"),
    manifest.replace(/"version": ".*"/, '"version": "9.9.9"'),
  );
  const places = versionProblems(dir).map((problem) => problem.match(/9\.9\.9, (.*) has/)[1]);
  assert.deepEqual(places, [
    "Cargo.toml",
    "Cargo.lock",
    "CHANGELOG.md",
    "cli/package.json",
    "cli/package.json's dependency",
    "the built User-Agent",
  ]);

  writeFileSync(join(dir, "pkg/package.json"), manifest);
  writeFileSync(
    join(dir, "CHANGELOG.md"),
    readFileSync(join(dir, "CHANGELOG.md"), "utf8").replace(/\(.*\)/, "(unreleased)"),
  );
  assert.match(
    String(versionProblems(dir, { isPublishing: true })),
    /"unreleased" where it needs the day/,
  );
});
