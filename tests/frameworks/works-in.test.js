// Tests that docs/works-in.md and the README's table match the apps. UPDATE_DOCS=1 updates both.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { format } from "../../scripts/format.js";
import { root } from "../../scripts/tools.js";
import { APPS } from "./apps.js";
import { readmeTable, worksIn } from "./works-in.js";

const doc = join(root, "docs", "works-in.md");

test("docs/works-in.md is up to date", async () => {
  const text = await format(worksIn(), "docs/works-in.md");
  if (process.env.UPDATE_DOCS) writeFileSync(doc, text);
  const message = "docs/works-in.md is out of date: run UPDATE_DOCS=1 npm test to update it";
  assert.equal(readFileSync(doc, "utf8"), text, message);
});

test("the README's table is up to date", () => {
  const file = join(root, "README.md");
  const table = /(?<=<!-- prettier-ignore-start -->\n)[^]*?(?=<!-- prettier-ignore-end -->)/;
  const text = readFileSync(file, "utf8");
  assert.match(text, table);
  const expected = text.replace(table, () => `\n${readmeTable()}\n`);
  if (process.env.UPDATE_DOCS) writeFileSync(file, expected);
  const message = "README.md is out of date: run UPDATE_DOCS=1 npm test to update its table";
  assert.ok(readFileSync(file, "utf8") === expected, message);
});

test("the links in docs/works-in.md have targets", () => {
  for (const [, link] of readFileSync(doc, "utf8").matchAll(/\]\(([^)]+)\)/g)) {
    assert.ok(existsSync(join(root, "docs", link)), link);
  }
});

test("every app is listed, with a unique name", () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true });
  const apps = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  assert.deepEqual([...new Set(APPS.map(({ folder }) => folder))].sort(), apps.sort());
  assert.equal(new Set(APPS.map(({ name }) => name)).size, APPS.length);
});
