// ESLint checks each source file of the repository, whatever language it is in.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

import { ESLint } from "eslint";

import { root } from "../../scripts/tools.js";

test("each source file has the limits of its size", async () => {
  const files = execFileSync("git", ["ls-files", "*.[jt]s", "*.[cm][jt]s", "*.[jt]sx"], {
    cwd: root,
    encoding: "utf8",
  });
  const eslint = new ESLint({ cwd: root });
  const unchecked = [];
  for (const file of files.trim().split("\n")) {
    const config = await eslint.calculateConfigForFile(join(root, file));
    if (!config?.rules?.["max-lines"]) unchecked.push(file);
  }
  assert.deepEqual(unchecked, []);
});
