// A million users: the command's heap stays small, whatever the list and the results file contain.
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { test } from "node:test";

import { BULK, useCommand } from "../support/command.ts";

const cli = useCommand();
const USERS = 1_000_000;

/** The JavaScript heap in megabytes: enough for a Map of the users, and not for their records. */
const env = { NODE_OPTIONS: "--max-old-space-size=256" };

/** Each test takes two minutes of a processor, of which others may have most. */
const SLOW = { timeout: 1_800_000 };

/** Appends the lines of so many users to a file. */
function write(path: string, users: number, linesOf: (n: number) => string) {
  const most = 10_000;
  for (let first = 0; first < users; first += most) {
    const length = Math.min(most, users - first);
    appendFileSync(path, Array.from({ length }, (_, n) => linesOf(first + n)).join(""));
  }
}

const id = (n: number) => `user_2abcdefghijklmnopqr${String(n).padStart(7, "0")}`;

test("the last hundred of a million users get tokens in a small heap", SLOW, async () => {
  write(cli.list("user_id,org_id,email\n"), USERS, (n) => `${id(n)},,${n}@example.com\n`);
  write(cli.results, USERS - 100, (n) => {
    const created = `"state":"created","token_id":"sit_${n}","url":"https://x"`;
    return `{"user_id":"${id(n)}","state":"sending"}\n{"user_id":"${id(n)}",${created}}\n`;
  });
  const said = /: 1,000,000 created \(100 now\), 0 failed, 0 unknown\n/;
  await cli.run([...BULK, "--format", "csv"], { env }).ends(0, said);
  assert.equal((await cli.control.tokens()).length, 100);
});

test("a million rows that name no user are counted in a small heap", SLOW, async () => {
  write(cli.list(""), USERS, (n) => `somebody_${n}\n`);
  const said = /0 created \(0 now\), 0 failed, 0 unknown, 1,000,000 rows not usable/;
  await cli.run(BULK, { env }).ends(1, said);
  assert.deepEqual(cli.states(), {});
});
