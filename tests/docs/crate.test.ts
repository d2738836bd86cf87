// Looks for circles of imports in the crate. The compiler allows them; that a decision imports
// neither the client nor the class, it refuses. ESLint checks the imports of JavaScript.
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../scripts/tools.js";

/** Returns the files of the crate that a file uses. */
function importsOf(file: string) {
  const [source] = readFileSync(join(root, file), "utf8").split("#[cfg(test)]");
  return Array.from(source.matchAll(/\bcrate::(\w+)(?:::(\w+))?/g), ([, module, inner]) => {
    const nested = `src/${module}/${inner}.rs`;
    return existsSync(join(root, nested)) ? nested : `src/${module}.rs`;
  });
}

test("no file of the crate imports itself through others", () => {
  // lib.rs declares all modules.
  const files = globSync("src/**/*.rs", { cwd: root }).filter((file) => file !== "src/lib.rs");
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    else if (!done.has(file) && files.includes(file)) {
      for (const imported of importsOf(file)) visit(imported, [...path, file]);
      done.add(file);
    }
  };
  for (const file of files) visit(file, []);
  assert.ok(done.size > 20);
  assert.deepEqual(circles, []);
});
