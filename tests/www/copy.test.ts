// Builds a copy of the admin page as its README describes: one folder, with the files that its
// links name.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempDisposableSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { app, copyIntoApp } from "../support/app.ts";

test("a copy of www/ builds", () => {
  const installed = copyIntoApp("www", "www-copied");
  using dir = mkdtempDisposableSync(join(tmpdir(), "clerk-sign-in-tokens-copy-"));
  const www = join(dir.path, "www");
  cpSync(installed, www, { recursive: true, dereference: true });
  symlinkSync(join(app, "node_modules"), join(www, "node_modules"));
  execFileSync("vite", ["build", "--logLevel", "error"], { cwd: www });
  assert.ok(existsSync(join(www, "dist", "index.html")));
});
