// Tests which functions of the wasm the build replaces by a trap: those that format text, and those
// that panic with it. Code that needs one of them would trap.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../scripts/tools.js";

const EXPECTED = join(import.meta.dirname, "traps.txt");

test("the build replaces only functions that are known", () => {
  const traps = readFileSync(join(root, "target", "traps.txt"), "utf8");
  if (process.env.UPDATE_DOCS) writeFileSync(EXPECTED, traps);
  assert.equal(traps, readFileSync(EXPECTED, "utf8"));
});
