// Tests which columns of a list the admin page keeps. tests/fixtures/lists.ts covers which rows are users.
import assert from "node:assert/strict";
import { test } from "node:test";

import { runCsv } from "../../www/page/state/run-csv.ts";
import { readList } from "../../www/page/list.ts";

test("other columns are kept, Clerk's secrets are not", () => {
  const { users, columns, omitted } = readList(
    "id,first_name,totp_secret,password_digest,email\nuser_1,Ada,JBSWY3,$2a$10$,ada@example.com\n",
  );
  assert.deepEqual(columns, ["id", "first_name", "email"]);
  assert.deepEqual(users[0].cells, ["user_1", "Ada", "ada@example.com"]);
  assert.deepEqual(omitted, ["totp_secret", "password_digest"]);
});

test("a secret is recognised by a part of its column's name, and is not in the text of a problem", () => {
  const list =
    "id,Password,backup codes,OTP secret,email\noops,hunter2,1234,JBSWY3,ada@example.com\n";
  const { problems, omitted } = readList(list);
  assert.deepEqual(omitted, ["Password", "backup codes", "OTP secret"]);
  assert.equal(problems[0].text, "oops, ada@example.com");
  const json = readList('{"id":"oops","password":"hunter2"}\n{"id":"user_1","password":"hunter2');
  assert.deepEqual(
    json.problems.map(({ text }) => text),
    ['{"id":"oops"}', ""],
  );
});

test("columns without names get names", () => {
  assert.deepEqual(readList("user_1\nuser_2").columns, ["user_id"]);
  assert.deepEqual(readList("ada,user_1,org_1,x").columns, [
    "column 1",
    "user_id",
    "org_id",
    "column 4",
  ]);
  assert.deepEqual(readList("id,\nuser_1,a,b").columns, ["id", "column 2", "column 3"]);
});

test("rows of different lengths stay in their columns", () => {
  const { users } = readList("user_id,a,b\nuser_1\nuser_2,x\nuser_3,x,y,z");
  assert.deepEqual(
    users.map(({ cells }) => cells),
    [
      ["user_1", "", "", ""],
      ["user_2", "x", "", ""],
      ["user_3", "x", "y", "z"],
    ],
  );
});

test("lines of JSON are rows, with all their fields as columns", () => {
  const { users, columns } = readList('{"id":"user_1","plan":{"a":1}}\n{"id":"user_2","n":3}');
  assert.deepEqual(columns, ["id", "plan", "n"]);
  assert.deepEqual(
    users.map(({ cells }) => cells),
    [
      ["user_1", '{"a":1}', ""],
      ["user_2", "", "3"],
    ],
  );
});

test("no result cell is a formula, and no column hides another", () => {
  const cells = [
    "=1+1",
    "+A1",
    "-A1",
    "@x",
    '=HYPERLINK("x")\ny',
    " =1",
    "\t=1",
    "\n=1",
    "＝1",
    "fine",
  ];
  const row = { line: 1, cells, userId: "user_1", status: "failed", message: "=1\nx" };
  const columns = cells.map((_, index) => (index === 0 ? "=url" : `c${index}`));
  const csv = runCsv({ columns: [...columns.slice(0, -1), "url"] }, [row]);
  const [header] = csv.split("\r\n");
  assert.ok(header.startsWith(`"'=url",c1,`), header);
  assert.ok(header.includes("input_url,") && header.includes(",url,"), header);
  const fields = csv.slice(header.length).match(/"(?:[^"]|"")*"|[^,\r\n]+/g);
  for (const field of fields) assert.doesNotMatch(field, /^"?\s*[=+\-@＝]/, field);
  assert.ok(fields.includes("fine"));
});

test("reads 100,000 rows", () => {
  const text = Array.from({ length: 100_000 }, (_, n) => `user_${n},a${n}@example.com`).join("\n");
  assert.equal(readList(`id,email\n${text}`).users.length, 100_000);
});
