// Tests how the rows of a list are read, with one table of cases for the reader and the admin page,
// whatever pieces the list arrives in.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { ListReader, users } from "../../lists/index.ts";
import { readList } from "../../www/page/list.ts";

const CASES = JSON.parse(readFileSync(new URL("../fixtures/lists.json", import.meta.url), "utf8"));

const LONGEST = 65_536;

/** Compares `entries` with the table: the fields in the table, and the start of each reason. */
function assertEntries(entries, expected, reader) {
  const compared = entries.map(({ line, userId, orgId, cells, reason }, index) => {
    const wanted = expected[index] ?? {};
    const others = wanted.others && othersOf(reader, cells);
    if (reason !== undefined)
      return {
        line,
        reason: wanted.reason && reason.startsWith(wanted.reason) ? wanted.reason : reason,
      };
    return { line, userId, ...(orgId && { orgId }), ...(others && { others }) };
  });
  assert.deepEqual(compared, expected);
}

/** Returns the columns of a row without the user's and the organization's, by their names. */
function othersOf({ names, columns: { user, organization } }, cells) {
  const own = Object.keys(cells).map(Number);
  const others = own.filter((at) => at !== user && at !== organization);
  return Object.fromEntries(others.map((at) => [names[at], cells[at]]));
}

function read(pieces, reader = new ListReader()) {
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

async function readBytes(generator, bytes, size, reader) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return Array.fromAsync(generator(ReadableStream.from(pieces), reader));
}

for (const { name, text, rows } of CASES) {
  describe(name, () => {
    const check = (pieces) => {
      const reader = new ListReader();
      assertEntries(read(pieces, reader), rows, reader);
    };

    test("in one piece", () => check([text]));

    test("in two pieces, split anywhere", () => {
      for (let at = 1; at < text.length; at++) check([text.slice(0, at), text.slice(at)]);
      check([...text]);
    });

    test("as bytes, split inside characters", async () => {
      for (const size of [1, 2, 1000]) {
        const reader = new ListReader();
        const bytes = new TextEncoder().encode(text);
        assertEntries(await readBytes(users, bytes, size, reader), rows, reader);
      }
    });

    test("on the admin page, which counts a user once", () => {
      const { users, problems } = readList(text);
      const entries = [...users, ...problems].sort((a, b) => a.line - b.line);
      const isTwice = ({ userId }, index) =>
        userId && rows.findIndex((row) => row.userId === userId) < index;
      const expected = rows.map(({ others: _, ...row }, index) =>
        isTwice(row, index) ? { line: row.line, reason: "the same user" } : row,
      );
      assertEntries(entries, expected);
    });
  });
}

test("a random list gives the same entries in one piece and character by character", () => {
  const words = [
    "user_1",
    "user_id",
    "id",
    "org_1",
    "x",
    "{",
    "}",
    "[",
    "]",
    "|",
    '"',
    '""',
    ",",
    ";",
    "\t",
    " ",
    "\n",
    "\r",
    "\r\n",
    "\uFEFF",
  ];
  let state = 1;
  const next = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let n = 0; n < 5_000; n++) {
    const text = Array.from({ length: 1 + next(14) }, () => words[next(words.length)]).join("");
    assert.deepEqual(read([...text]), read([text]), JSON.stringify(text));
  }
});

describe("a row that is too long", () => {
  const long = `user_${"x".repeat(LONGEST)}`;
  for (const [what, text, lines] of [
    [
      "is not truncated to a user ID, and the next line is read",
      `user_1\n${long}\nuser_2\n`,
      [1, "2 longer than", 3],
    ],
    ["may be the last row", `user_1\n${long}`, [1, "2 longer than"]],
    ["may be JSON", `{"id":"user_1"}\n{"id":"${long}"}\n{"id":"user_2"}`, [1, "2 longer than", 3]],
    [
      "with an unclosed quote stops the reader",
      `user_1\n"${long}\nuser_2\nuser_3`,
      [1, "2 a quote is not"],
    ],
    [
      "may be one cell of many lines",
      `user_1\n"${"user_2\n".repeat(20_000)}"\nuser_3`,
      [1, "2 a quote is not"],
    ],
    [
      "may contain a pair of quotes at the limit",
      `"${"x".repeat(LONGEST - 1)}""\nuser_2\n"`,
      ["1 a quote is not"],
    ],
    [
      "of the maximum length is read",
      `user_id,note\nuser_1,${"x".repeat(LONGEST - 7)}\nuser_2,`,
      [2, 3],
    ],
  ]) {
    test(what, async () => {
      const summary = (entries) =>
        entries.map(({ line, reason }, index) => {
          const said = `${line} ${reason}`;
          if (reason === undefined) return line;
          return said.startsWith(lines[index]) ? lines[index] : said;
        });
      assert.deepEqual(summary(read([text])), lines);
      for (const size of [1000, 4096, LONGEST, LONGEST + 1, LONGEST + 7])
        assert.deepEqual(
          summary(await readBytes(users, new TextEncoder().encode(text), size)),
          lines,
          `pieces of ${size}`,
        );
    });
  }
});
