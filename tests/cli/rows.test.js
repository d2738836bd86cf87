// Which rows of a list count, and what is said of the others.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";

import Papa from "papaparse";

import { FAST, lastRecords, statesOf, useCommand, usersList } from "../support/command.js";

const cli = useCommand();

/** Runs bulk over a list, with `more` arguments. */
function bulk(text, more = [], options) {
  const list = cli.file("users.csv", text);
  return cli.run(["bulk", list, "--output", "results.ndjson", ...FAST, ...more], options);
}

const results = () => cli.file("results.ndjson");

for (const [what, text] of [
  ["an empty list", ""],
  ["a list of blank lines", "\n \n"],
  ["a list with names only", "user_id,email\n"],
]) {
  test(`${what} is refused, from a file and from standard input`, async () => {
    const { code, stderr } = await bulk(text);
    assert.deepEqual([code, stderr.match(/\n/g).length], [2, 1]);
    assert.match(stderr, /^error: .*users\.csv has no rows with users\. See/);
    const program = cli.start(["bulk", "-", "-o", "results.ndjson"]);
    program.child.stdin.end(text);
    const ended = await program.ended;
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /error: standard input has no rows with users\. See/);
    assert.ok(!existsSync(results()), "no empty file stays");
  });
}

test("a row that repeats an earlier one is counted, and no failure of the list", async () => {
  for (let n = 0; n < 2; n++) {
    const { code, stderr } = await bulk("user_1\nuser_1\n");
    assert.equal(code, 0);
    assert.match(stderr, /: 1 created .*, 1 row repeated\n/);
  }
});

test("a row that repeats a user with another organization is not usable", async () => {
  const { code, stderr } = await bulk("user_1,org_1\nuser_1,org_2\n");
  assert.equal(code, 1);
  assert.match(stderr, /line 2: the same user as in an earlier row, with another organization/);
  assert.match(stderr, /1 created .* 1 row not usable/);
});
