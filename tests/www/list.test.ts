// Tests which columns of a list the admin page keeps, and how it writes them. How rows are read is
// tested in tests/lists.
import assert from "node:assert/strict";
import { test } from "node:test";

import { readList } from "../../www/page/list.ts";
import { runCsv } from "../../www/page/state/run-csv.ts";

test("Clerk's secrets are not kept, nor in the text of a problem", () => {
  const list =
    "id,Password,backup codes,OTP secret,totp_secret,email\noops,hunter2,1,J,K,a@example.com\n";
  const { problems, columns, omitted } = readList(list);
  assert.deepEqual(columns, ["id", "email"]);
  assert.deepEqual(omitted, ["Password", "backup codes", "OTP secret", "totp_secret"]);
  assert.deepEqual(problems[0].cells, ["oops", "a@example.com"]);
  assert.equal(problems[0].text, "oops, a@example.com");
  const json = readList('{"id":"oops","password":"hunter2"}\n{"id":"user_1","password":"hunter2');
  assert.deepEqual(
    json.problems.map(({ text }) => text),
    ['{"id":"oops"}', ""],
  );
});

test("cells stay in their columns", () => {
  const lists: [list: string, columns: string[], cells: string[][]][] = [
    ["user_1\nuser_2", ["user_id"], [["user_1"], ["user_2"]]],
    // No names of columns, and too few.
    [
      "ada,user_1,org_1,x",
      ["column 1", "user_id", "org_id", "column 4"],
      [["ada", "user_1", "org_1", "x"]],
    ],
    ["id,\nuser_1,a,b", ["id", "column 2", "column 3"], [["user_1", "a", "b"]]],
    [
      "user_id,a,b\nuser_1\nuser_2,x\nuser_3,x,y,z",
      ["user_id", "a", "b", "column 4"],
      ["user_1,,,", "user_2,x,,", "user_3,x,y,z"].map((row) => row.split(",")),
    ],
    [
      '{"id":"user_1","plan":{"a":1}}\n{"id":"user_2","n":3}',
      ["id", "plan", "n"],
      ['user_1 {"a":1} ', "user_2  3"].map((row) => row.split(" ")),
    ],
  ];
  for (const [list, columns, cells] of lists) {
    const read = readList(list);
    assert.deepEqual([read.columns, read.users.map(({ cells }) => cells)], [columns, cells]);
  }
});

test("no result cell is a formula, and no column hides another", () => {
  const cells = ["=1+1", "+A1", "-A1", "@x", '=HYPERLINK("x")\ny', " =1", "\t=1", "\n=1", "＝1"];
  const columns = ["=url", ...cells.slice(1).map((_, index) => `c${index + 1}`), "url"];
  const row = { line: 1, name: "", userId: "user_1", status: "failed", message: "=1\nx" } as const;
  const csv = runCsv({ ...readList(""), columns }, [{ ...row, cells: [...cells, "fine"] }]);
  const [header] = csv.split("\r\n");
  assert.ok(header.startsWith(`"'=url",c1,`), header);
  assert.ok(header.includes("input_url,") && header.includes(",url,"), header);
  const fields: string[] = csv.slice(header.length).match(/"(?:[^"]|"")*"|[^,\r\n]+/g) ?? [];
  for (const field of fields) assert.doesNotMatch(field, /^"?\s*[=+\-@＝]/, field);
  assert.ok(fields.includes("fine"));
});

test("the result keeps the list's separator, its quotes and its phone numbers", () => {
  const list = readList(`"user_id";"name";"phone"\r\n"user_1";"Lindqvist, Anna";"+49 30 12-5"\r\n`);
  const [header, row] = runCsv(list, [{ ...list.users[0], status: "created" }]).split("\r\n");
  assert.ok(header.startsWith(`"name";"phone";"line";"user_id";`), header);
  assert.ok(row.startsWith(`"Lindqvist, Anna";"+49 30 12-5";"2";"user_1";"created";`), row);
});
