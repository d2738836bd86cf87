// The rules for a CSV file with the columns of a list.
import assert from "node:assert/strict";
import { test } from "node:test";

import { distinct, FORMULA, isSecret, textOf, textOfJson } from "../../lists/csv.ts";

test("a cell that a spreadsheet takes for a formula is recognised", () => {
  const signs = ["+1+A1", "+cmd|' /C calc'!A0", " =1", "\u00A0=1", "\t1", "\n1"];
  const formulas = ["=1", "-x", "@x", "＝1", "＋x", "－x", "＠x", ...signs];
  for (const cell of formulas) assert.match(cell, FORMULA);
  for (const cell of ["", "a=1", "1-1", "a@example.com", " x", "+49 (30) 123-45/6", "-1.5", "＋49"])
    assert.doesNotMatch(cell, FORMULA);
});

test("a column that may contain secrets is recognised", () => {
  const secret = ["password", "password_digest", "passwordHasher", "TOTP Secret", "backup-codes"];
  for (const name of secret) assert.ok(isSecret(name), name);
  for (const name of ["user_id", "email", "note", "code"]) assert.ok(!isSecret(name), name);
});

test("the text of a row has no secrets", () => {
  assert.equal(textOf(["a", "b", "c", "d"], ["x", "password", "y"]), "a, c, d");
  assert.equal(textOfJson(' {"a": 1}', { a: 1 }), '{"a": 1}');
  assert.equal(textOfJson('{"a":1,"totp_secret":"x"}', { a: 1, totp_secret: "x" }), '{"a":1}');
  assert.equal(textOfJson('{"totp_secret":"x', undefined), "");
});

test("no two columns have the same name", () => {
  const names = ["state", "input_state", "email", "state", "email"];
  const expected = "input_state input_input_state email input_state_2 input_email".split(" ");
  assert.deepEqual(distinct(names, ["state"]), expected);
});
