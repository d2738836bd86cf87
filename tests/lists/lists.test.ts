// How the rows of a list are read, by the reader and the page, whatever pieces the list comes in,
// and what must come of files as people have them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { type Entry, ListReader } from "../../lists/users.ts";
import { readList } from "../../www/page/list.ts";
import { BELOW_NAMES, FILES, LISTS } from "../fixtures/lists.ts";
import { Random } from "../support/random.ts";

const LONGEST = 65_536;
const DIR = new URL("../fixtures/lists/", import.meta.url);

type Row = Pick<Entry, "line" | "reason"> & { userId?: string; orgId?: string | null };

/** Returns entries as the table has them; of a reason, as much as is `expected`. */
function shown(entries: Row[], expected: string) {
  const starts = expected.split(/, (?=\d)/);
  const texts = entries.map(({ line, userId, orgId, reason }, index) =>
    reason === undefined
      ? `${line} ${userId}${orgId ? `@${orgId}` : ""}`
      : `${line} ${reason}`.slice(0, starts[index]?.length),
  );
  return texts.join(", ");
}

/** Reads a list in pieces. */
function read(pieces: (string | Uint8Array)[]) {
  const reader = new ListReader();
  const entries = pieces.flatMap((piece) => reader.push(piece));
  entries.push(...reader.end());
  const { names, columns, notices } = reader;
  return { entries, names, columns, notices };
}

type Result = ReturnType<typeof read>;

/** Returns the pieces of such a size: they may end inside a character. */
function pieces(bytes: Uint8Array, size: number) {
  const { length } = bytes;
  const all = Array.from({ length: Math.ceil(length / size) }, (_, n) => n * size);
  return all.map((at) => bytes.subarray(at, at + size));
}

/** Returns the columns of each user without the user's and the organization's, by their names. */
function othersOf({ entries, names, columns: { user, organization } }: Result) {
  return entries.flatMap(({ userId, cells }) => {
    const own = Object.keys(cells).map(Number);
    const others = own.filter((at) => at !== user && at !== organization);
    return userId ? Object.fromEntries(others.map((at) => [names[at], cells[at]])) : [];
  });
}

/** Checks a list: its rows, in pieces of any size too, and on the admin page. */
function check(name: string, bytes: Uint8Array, rows: string, checkMore: (all: Result) => void) {
  describe(name, () => {
    const all = read([bytes]);

    test("has its users, and says what else there is", () => {
      assert.equal(shown(all.entries, rows), rows);
      checkMore(all);
    });

    test("is the same in pieces of any size", () => {
      for (const size of [1, 2, 3, 7, 64]) assert.deepEqual(read(pieces(bytes, size)), all);
    });

    test("is the same on the admin page, which counts a user once", () => {
      const { users, problems, notices } = readList(bytes);
      const entries: Row[] = [...users, ...problems].sort((a, b) => a.line - b.line);
      const seen = new Set<string>();
      const expected = rows.replace(/(user_\w+)(@\w+)?(?=,|$)/g, (row, user) =>
        seen.size === seen.add(user).size ? "the same user" : row,
      );
      assert.equal(shown(entries, expected), expected);
      assert.deepEqual(notices, all.notices);
    });
  });
}

for (const [name, [text, rows, others]] of Object.entries(LISTS)) {
  const bytes = new TextEncoder().encode(text);
  check(name, bytes, rows, (all) => {
    if (others) assert.deepEqual(othersOf(all), others);
    for (let at = 1; at < text.length; at++)
      assert.deepEqual(read([text.slice(0, at), text.slice(at)]), all);
    assert.deepEqual(read([...text]), all);
  });
}

for (const [name, { rows = BELOW_NAMES, ...expected }] of Object.entries(FILES)) {
  check(name, new Uint8Array(readFileSync(new URL(name, DIR))), rows, (all) => {
    const { says, names = [], has = [] } = expected;
    const unexpected = all.notices.filter((notice) => !says?.test(notice));
    assert.deepEqual([unexpected, all.notices.length], [[], says ? 1 : 0]);
    for (const column of names) assert.ok(all.names.includes(column), String(all.names));
    const cells = all.entries.flatMap((entry) => entry.cells);
    for (const cell of has) assert.ok(cells.includes(cell), `${cell} in ${cells}`);
  });
}

test("each file is in the table", () => {
  assert.deepEqual(readdirSync(DIR).sort(), Object.keys(FILES).sort());
});

test("a random list gives the same entries in one piece and character by character", () => {
  const random = new Random(1);
  const words = [...'{}[]|",; \t\n\r\uFEFF', "user_1", "user_id", "id", "org_1", "x", '""', "\r\n"];
  for (let n = 0; n < 5_000; n++) {
    const text = Array.from({ length: random.int(1, 14) }, () => random.pick(words)).join("");
    assert.deepEqual(read([...text]), read([text]), JSON.stringify(text));
  }
});

describe("a row that is too long", () => {
  const long = `user_${"x".repeat(LONGEST)}`;
  const OPEN = "a quote is not";
  const CASES: Record<string, [text: string, rows: string]> = {
    "is not truncated to a user ID, and the next line is read": [
      `user_1\n${long}\nuser_2\n`,
      "1 user_1, 2 longer than, 3 user_2",
    ],
    "may be the last row": [`user_1\n${long}`, "1 user_1, 2 longer than"],
    "may be JSON": [
      `{"id":"user_1"}\n{"id":"${long}"}\n{"id":"user_2"}`,
      "1 user_1, 2 longer than, 3 user_2",
    ],
    "with an unclosed quote stops the reader": [
      `user_1\n"${long}\nuser_2\nuser_3`,
      `1 user_1, 2 ${OPEN}`,
    ],
    "may be one cell of many lines": [
      `user_1\n"${"user_2\n".repeat(20_000)}"\nuser_3`,
      `1 user_1, 2 ${OPEN}`,
    ],
    "may contain a pair of quotes at the limit": [
      `"${"x".repeat(LONGEST - 1)}""\nuser_2\n"`,
      `1 ${OPEN}`,
    ],
    "of the maximum length is read": [
      `user_id,note\nuser_1,${"x".repeat(LONGEST - 7)}\nuser_2,`,
      "2 user_1, 3 user_2",
    ],
  };
  for (const [what, [text, rows]] of Object.entries(CASES)) {
    test(what, () => {
      const bytes = new TextEncoder().encode(text);
      assert.equal(shown(read([text]).entries, rows), rows);
      for (const size of [1000, 4096, LONGEST, LONGEST + 1, LONGEST + 7])
        assert.equal(shown(read(pieces(bytes, size)).entries, rows), rows, `pieces of ${size}`);
    });
  }
});
