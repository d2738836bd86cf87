// Tables in docs/ that tests write, between `<!-- NAME -->` and `<!-- end -->`. UPDATE_DOCS=1
// updates them.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { format } from "../../scripts/format.ts";
import { root } from "../../scripts/tools.js";

/**
 * Checks that the part `name` of `file`, a path within the workspace, is the table of these rows.
 * The second row says how the columns are aligned.
 */
export async function checkTable(file: string, name: string, rows: unknown[][]) {
  const table = rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
  const path = join(root, file);
  const doc = readFileSync(path, "utf8");
  const part = new RegExp(`(?<=<!-- ${name} -->\n)[^]*?(?=\n<!-- end -->)`);
  assert.match(doc, part);
  const updated = await format(
    doc.replace(part, () => `\n${table}\n`),
    file,
  );
  if (process.env.UPDATE_DOCS) writeFileSync(path, updated);
  else
    assert.equal(doc, updated, `${file} is out of date: run UPDATE_DOCS=1 npm test to update it`);
}
