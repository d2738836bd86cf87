// Tests the sections that npm test runs before the tests of the tarball.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";

import { runLanes } from "../../scripts/checks/sections.js";
import { root } from "../../scripts/tools.js";

const dir = mkdtempSync(join(tmpdir(), "sections-"));
after(() => rmSync(dir, { recursive: true }));

/** Returns a section that ends with `status` after `ms` milliseconds. */
function section(name, status, ms = 0) {
  const script = join(dir, `${name}.js`);
  writeFileSync(script, `setTimeout(() => process.exit(${status}), ${ms});`);
  return [name, relative(join(root, "scripts"), script)];
}

test("the run succeeds if all sections pass", async () => {
  assert.equal(await runLanes([[section("a", 0), section("b", 0)], [section("c", 0)]]), true);
});

test("the run fails even if a section of the other lane passes after the failure", async () => {
  assert.equal(await runLanes([[section("fails", 1)], [section("passes", 0, 1000)]]), false);
});

test("no section starts after a failure", async () => {
  const [, marker] = section("marks", 0);
  writeFileSync(
    join(root, "scripts", marker),
    `require("fs").writeFileSync(${JSON.stringify(join(dir, "ran"))}, "")`,
  );
  assert.equal(await runLanes([[section("first", 1), ["marks", marker]]]), false);
  assert.throws(() => rmSync(join(dir, "ran")), { code: "ENOENT" });
});
