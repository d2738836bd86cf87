// docs/works-in.md names the apps and versions that are run here; UPDATE_DOCS=1 writes it anew.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { format } from "../../scripts/format.js";
import { root } from "../../scripts/tools.js";
import { APPS } from "./apps.js";
import { worksIn } from "./works-in.js";

const doc = join(root, "docs", "works-in.md");

test("docs/works-in.md is up to date", async () => {
  const text = await format(worksIn(), "docs/works-in.md");
  if (process.env.UPDATE_DOCS) writeFileSync(doc, text);
  const message = "docs/works-in.md is stale: UPDATE_DOCS=1 npm test writes it anew";
  assert.equal(readFileSync(doc, "utf8"), text, message);
});

test("its links lead somewhere", () => {
  for (const [, link] of readFileSync(doc, "utf8").matchAll(/\]\(([^)]+)\)/g)) {
    assert.ok(existsSync(join(root, "docs", link)), link);
  }
});

test("no app is left out, and each has a name of its own", () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true });
  const apps = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  assert.deepEqual([...new Set(APPS.map(({ folder }) => folder))].sort(), apps.sort());
  assert.equal(new Set(APPS.map(({ name }) => name)).size, APPS.length);
});
