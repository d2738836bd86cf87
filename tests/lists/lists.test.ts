// How the rows of a list are read, by the reader and the page, whatever pieces the list comes in.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { type Entry, ListReader, users } from "../../lists/users.ts";
import { readList } from "../../www/page/list.ts";
import { LISTS } from "../fixtures/lists.ts";
import { Random } from "../support/random.ts";

const LONGEST = 65_536;

type Row = Pick<Entry, "line" | "reason"> & { userId?: string; orgId?: string | null };

/** Returns entries as the table has them; of a reason, as much as is `expected`. */
function shown(entries: Row[], expected: string) {
  const starts = expected.split(", ");
  const texts = entries.map(({ line, userId, orgId, reason }, index) =>
    reason === undefined
      ? `${line} ${userId}${orgId ? `@${orgId}` : ""}`
      : `${line} ${reason}`.slice(0, starts[index]?.length),
  );
  return texts.join(", ");
}

/** Returns the columns of a row without the user's and the organization's, by their names. */
function othersOf({ names, columns: { user, organization } }: ListReader, { cells }: Entry) {
  const own = Object.keys(cells).map(Number);
  const others = own.filter((at) => at !== user && at !== organization);
  return Object.fromEntries(others.map((at) => [names[at], cells[at]]));
}

function read(pieces: string[], reader = new ListReader()) {
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

async function readBytes(text: string, size: number, reader?: ListReader) {
  const bytes = new TextEncoder().encode(text);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return Array.fromAsync(users(pieces, reader));
}

for (const [name, text, rows, others] of LISTS) {
  describe(name, () => {
    const check = (entries: Entry[], reader: ListReader) => {
      assert.equal(shown(entries, rows), rows);
      const found = entries.filter(({ userId }) => userId);
      if (others)
        assert.deepEqual(
          found.map((entry) => othersOf(reader, entry)),
          others,
        );
    };
    const checkPieces = (pieces: string[]) => {
      const reader = new ListReader();
      check(read(pieces, reader), reader);
    };

    test("in one piece", () => checkPieces([text]));

    test("in pieces, split anywhere", () => {
      for (let at = 1; at < text.length; at++) checkPieces([text.slice(0, at), text.slice(at)]);
      checkPieces([...text]);
    });

    test("as bytes, split inside characters", async () => {
      for (const size of [1, 2, 1000]) {
        const reader = new ListReader();
        check(await readBytes(text, size, reader), reader);
      }
    });

    test("on the admin page, which counts a user once", () => {
      const { users, problems } = readList(text);
      const entries: Row[] = [...users, ...problems];
      const seen = new Set<string>();
      const expected = rows.replace(/(user_\w+)(@\w+)?(?=,|$)/g, (row, user) =>
        seen.size === seen.add(user).size ? "the same user" : row,
      );
      assert.equal(
        shown(
          entries.sort((a, b) => a.line - b.line),
          expected,
        ),
        expected,
      );
    });
  });
}

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
    test(what, async () => {
      assert.equal(shown(read([text]), rows), rows);
      for (const size of [1000, 4096, LONGEST, LONGEST + 1, LONGEST + 7])
        assert.equal(shown(await readBytes(text, size), rows), rows, `pieces of ${size}`);
    });
  }
});
