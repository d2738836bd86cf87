// Compares the imports between the folders with the table in CONTRIBUTING.md, which gives the reason
// for each, and looks for circles between files.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

import typescript from "typescript";

import { root } from "../../scripts/tools.js";

/** The folders of the crate: its decisions, its client and the class. */
const CRATE = { "src/client": /^src\/client[/.]/, "src/js": /^src\/js[/.]/, src: /^src\// };

const listed = (pattern) =>
  execFileSync("git", ["ls-files", pattern], { cwd: root, encoding: "utf8" }).trim().split("\n");
const read = (file) => readFileSync(join(root, file), "utf8");

/** Returns each import between two folders once, as in the table. */
function arrows(files, importsOf, folderOf) {
  const pairs = files.flatMap((file) =>
    importsOf(file).map((imported) => [folderOf(file), folderOf(imported)]),
  );
  const crossing = pairs.filter(([from, to]) => from !== to);
  return [...new Set(crossing.map(([from, to]) => `\`${from}\` → \`${to}\``))].sort();
}

/** Returns the files that a JavaScript or TypeScript file imports by a relative path. */
function scriptImports(file) {
  const { importedFiles } = typescript.preProcessFile(read(file), true, true);
  const relative = importedFiles.map(({ fileName }) => fileName).filter((name) => /^\./.test(name));
  return relative.map((name) => join(dirname(file), name));
}

/** Returns the files of the crate that a Rust file uses. */
function crateImports(file) {
  const [source] = read(file).split("#[cfg(test)]");
  const paths = source.matchAll(/\bcrate::(\w+)(?:::(\w+))?/g);
  return Array.from(paths, ([, module, inner]) => {
    const nested = `src/${module}/${inner}.rs`;
    return existsSync(join(root, nested)) ? nested : `src/${module}.rs`;
  });
}

const crateFolder = (file) =>
  Object.entries(CRATE).find(([, pattern]) => pattern.test(file))?.[0] ?? "";

const scripts = ["*.js", "*.jsx", "*.ts", "*.tsx"].flatMap(listed);
// lib.rs declares all modules.
const crate = listed("src/*.rs").filter((file) => file !== "src/lib.rs");

test("each import between folders has its reason in CONTRIBUTING.md", () => {
  const found = [
    ...arrows(scripts, scriptImports, (file) => file.split("/")[0]),
    ...arrows(crate, crateImports, crateFolder),
  ];
  const table = read("CONTRIBUTING.md").matchAll(/^\| (`[\w/]+` → `[\w/]+`)\s+\| \S.*\|$/gm);
  assert.deepEqual(
    Array.from(table, ([, arrow]) => arrow).sort(),
    found.sort(),
    "the table in CONTRIBUTING.md and the imports differ",
  );
});

test("no file imports itself through others", () => {
  assert.deepEqual(circles(scripts, scriptImports), []);
  assert.deepEqual(circles(crate, crateImports), []);
});

/** Returns the circles of imports that a search from each file meets. */
function circles(files, importsOf) {
  const found = [];
  const done = new Set();
  const visit = (file, path) => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(" → "));
    else if (!done.has(file) && files.includes(file)) {
      for (const imported of importsOf(file)) visit(imported, [...path, file]);
      done.add(file);
    }
  };
  for (const file of files) visit(file, []);
  return found;
}
