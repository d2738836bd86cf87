// Compares the imports between the folders with the table in CONTRIBUTING.md, which gives the reason for each.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
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
  const paths = read(file).matchAll(/\bcrate::(\w+)(?:::(\w+))?/g);
  return Array.from(paths, ([, module, inner]) => `src/${module}/${inner ?? ""}`);
}

const crateFolder = (file) =>
  Object.entries(CRATE).find(([, pattern]) => pattern.test(file))?.[0] ?? "";

test("each import between folders has its reason in CONTRIBUTING.md", () => {
  const scripts = listed("*.js").concat(listed("*.ts"), listed("*.tsx"));
  const found = arrows(scripts, scriptImports, (file) => file.split("/")[0]);
  // lib.rs declares all modules.
  const crate = listed("src/*.rs").filter((file) => file !== "src/lib.rs");
  found.push(...arrows(crate, crateImports, crateFolder));
  const table = read("CONTRIBUTING.md").matchAll(/^\| (`[\w/]+` → `[\w/]+`)\s+\| \S.*\|$/gm);
  assert.deepEqual(
    Array.from(table, ([, arrow]) => arrow).sort(),
    found.sort(),
    "the table in CONTRIBUTING.md and the imports differ",
  );
});
