// What must come of files as people have them, in the reader and on the admin page alike.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { type Entry, ListReader } from "../../lists/users.ts";
import { readList } from "../../www/page/list.ts";

const DIR = new URL("../fixtures/lists/", import.meta.url);

const [A, B, C] = ["ab1", "bc2", "cd3"].map(
  ([x, y, n]) => `user_2${x}${y}DEFghiJKLmnoPQRstuVWXy${n}`,
);
const ORG = "org_2orgDEFghiJKLmnoPQRstuVWX4";

const ELSEWHERE = /IDs of another system/;
const ANSI = /read as windows-1252/;
const EXCEL = ["user_id", "Name (Nachname, Vorname)", "E-Mail"];

interface Expected {
  /** With "@" before an organization. */
  users?: string[];
  /** The lines of the users, where they are not all in one line. */
  lines?: number[];
  /** The lines that name no user. */
  problems?: number[];
  reason?: RegExp;
  /** Why this is not a list. */
  refused?: RegExp;
  /** The notice that it must give. */
  says?: RegExp;
  /** Names of columns. */
  names?: string[];
  /** Cells that must have survived. */
  has?: string[];
}

const FILES: Record<string, Expected> = {
  "clerk-export.csv": { users: [A, B], has: ["Jürgen", "Meyer, Dr."], names: ["totp_secret"] },
  // The third user of the log could not be migrated, and must not get a token under an old ID.
  "clerk-migration-log.json": { users: [A, B], problems: [1], names: ["clerkUserId"] },
  "clerk-api.json": { users: [A, B], names: ["email_addresses", "private_metadata"] },
  "clerk-api-pretty.json": { users: [A, B], has: ["Jürgen", "\u2028"], lines: [2, 7] },
  "auth0.ndjson": { problems: [1, 2], says: ELSEWHERE },
  "auth0.csv": { problems: [2, 3], says: ELSEWHERE },
  "firebase.json": { problems: [3, 9], says: ELSEWHERE },
  "firebase.csv": { problems: [1], says: ELSEWHERE },
  "cognito.json": { problems: [3], says: ELSEWHERE },
  "cognito-import.csv": { users: [A, B], says: /the users are in the column "custom:clerk_id"/ },
  "supabase.csv": { users: [A, B], has: ['{"name":"Ada, B.","tags":[1]}'] },
  "pandas.csv": { users: [A, B], names: ["column 1", "user_id", "email", "score"] },
  "r.csv": { users: [A, `${B}@${ORG}`], names: ["column 1", "user_id", "org_id", "email"] },
  "database.csv": { users: [A, B], problems: [2] },
  "crm.csv": { users: [A, B], names: ["id", "clerk_user", "email"] },
  "crm-unknown-name.csv": { users: [A, B], says: /column "login": "id" has no user IDs/ },
  "report.csv": { users: [A, B], says: /^line 1 is above the names/, names: ["user_email"] },
  "excel-utf8.csv": { users: [A, B], names: EXCEL, has: ["Müller, Jürgen", "Größe"] },
  "excel-ansi.csv": { users: [A, B], names: EXCEL, has: ["Müller, Jürgen", "Größe"], says: ANSI },
  "excel-sep.csv": { users: [A, B], names: EXCEL, has: ["Müller, Jürgen"], says: ANSI },
  "excel-unicode.txt": { users: [A, B], names: EXCEL.slice(0, 2), has: ["Größe"] },
  "excel.xlsx": { refused: /^an Excel workbook.*save it as CSV UTF-8/ },
  "powershell-export.csv": { users: [A, B], names: ["UserId", "Email"], says: /^line 1 is above/ },
  "powershell-redirect.txt": { users: [A, B] },
  "psql.txt": { users: [A, B], names: ["user_id", "email"] },
  "psql-copy.tsv": { users: [`${A}@${ORG}`, B] },
  "sqlite.txt": { users: [A, B], has: ["b, c@example.com"] },
  "sqlite-csv.csv": { users: [A, B], has: ['a "x" b'] },
  // The second column may be the organization, so nobody gets a token without it by mistake.
  "sqlite-no-header.txt": { problems: [1, 2], reason: /add a first line with the names/ },
  "optional-fields.ndjson": { users: [A, `${B}@${ORG}`, C], names: ["id", "email", "plan"] },
  "users.csv.gz": { refused: /^compressed with gzip: unpack it with gunzip/ },
  "screenshot.png": { refused: /^an image/ },
  "page.xls": { refused: /^HTML or XML/ },
};

const bytesOf = (file: string) => new Uint8Array(readFileSync(new URL(file, DIR)));

/** Reads a file in pieces. */
function read(bytes: Uint8Array, size: number) {
  const reader = new ListReader();
  const entries: Entry[] = [];
  for (let at = 0; at < bytes.length; at += size)
    entries.push(...reader.push(bytes.subarray(at, at + size)));
  entries.push(...reader.end());
  return { entries, reader };
}

const shown = ({ userId, orgId }: { userId?: string; orgId?: string | null }) =>
  orgId ? `${userId}@${orgId}` : userId;
const lineOf = ({ line }: { line: number }) => line;

test("each file is in the table", () => {
  assert.deepEqual(readdirSync(DIR).sort(), Object.keys(FILES).sort());
});

for (const [file, expected] of Object.entries(FILES)) {
  const { users = [], lines, says, reason, refused, names = [], has = [] } = expected;
  const problems = refused ? [1] : (expected.problems ?? []);
  describe(file, () => {
    const bytes = bytesOf(file);
    const { entries, reader } = read(bytes, bytes.length);

    test("has its users, and says what else there is", () => {
      const found = entries.filter(({ userId }) => userId);
      const others = entries.filter(({ userId }) => !userId);
      assert.deepEqual(found.map(shown), users);
      if (lines) assert.deepEqual(found.map(lineOf), lines);
      assert.deepEqual(others.map(lineOf), problems);
      for (const { reason: said } of others) assert.match(String(said), refused ?? reason ?? /./);
      const unexpected = reader.notices.filter((notice) => !says?.test(notice));
      assert.deepEqual([unexpected, reader.notices.length], [[], says ? 1 : 0]);
      for (const name of names) assert.ok(reader.names.includes(name), String(reader.names));
      const cells = entries.flatMap((entry) => entry.cells);
      for (const cell of has) assert.ok(cells.includes(cell), `${cell} in ${cells}`);
    });

    test("is the same in pieces of any size", () => {
      for (const size of [1, 2, 3, 7, 64]) {
        const pieces = read(bytes, size);
        assert.deepEqual(pieces.entries, entries);
        assert.deepEqual(pieces.reader.notices, reader.notices);
      }
    });

    test("is the same on the admin page", () => {
      const list = readList(bytes);
      assert.deepEqual(list.users.map(shown), users);
      assert.deepEqual(list.problems.map(lineOf), problems);
      assert.deepEqual(list.notices, reader.notices);
    });
  });
}
