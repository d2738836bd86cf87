// Tests that docs/works-in.md lists the apps.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../scripts/tools.js";
import { APPS } from "./apps.ts";

test("each app has a row in docs/works-in.md", () => {
  const text = readFileSync(join(root, "docs", "works-in.md"), "utf8");
  const listed = text.matchAll(/\[(\S+)\]\(\.\.\/tests\/frameworks\/(\S+)\) +\|$/gm);
  assert.deepEqual(
    Array.from(listed, ([, name, folder]) => ({ name, folder })),
    APPS.map(({ name, folder }) => ({ name, folder })),
  );
});

test("each folder is an app's", () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true });
  const apps = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  assert.deepEqual([...new Set(APPS.map(({ folder }) => folder))].sort(), apps.sort());
});
