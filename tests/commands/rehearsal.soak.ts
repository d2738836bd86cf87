// Tests npm run release without --publish, run as in a terminal.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { root as cwd } from "../../scripts/tools.js";
import { alone } from "../support/once.ts";

test("npm run release builds the same bytes twice, and does a dry run", async () => {
  const release = () => promisify(execFile)("npm", ["run", "release"], { cwd, maxBuffer: 1e8 });
  // It builds pkg/, as npm start does.
  const { stdout } = await alone("build", release);
  assert.match(
    stdout,
    /Reproducible[^]*The versions agree[^]*(Ready to publish|Packed): .*clerk-sign-in-tokens-\d/,
  );
});
