// A million users: the command's heap stays small, whatever the list and the results file contain.
import assert from "node:assert/strict";
import { closeSync, openSync, writeSync } from "node:fs";
import { test } from "node:test";

import { FAST, statesOf, useCommand } from "../support/command.ts";

const cli = useCommand();
const USERS = 1_000_000;

/** The JavaScript heap in megabytes: enough for a Map of the users, and not for their records. */
const env = { NODE_OPTIONS: "--max-old-space-size=256" };

function write(path: string, lines: Iterable<string>) {
  const fd = openSync(path, "w");
  let text = "";
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < 2 ** 20) continue;
    writeSync(fd, text);
    text = "";
  }
  writeSync(fd, text);
  closeSync(fd);
}

const id = (n: number) => `user_2abcdefghijklmnopqr${String(n).padStart(7, "0")}`;

function* list() {
  yield "user_id,org_id,email";
  for (let n = 0; n < USERS; n++) yield `${id(n)},,${n}@example.com`;
}

/** All users but the last ones are in the file. */
function* records(missing: number) {
  for (let n = 0; n < USERS - missing; n++) {
    yield `{"user_id":"${id(n)}","state":"sending"}`;
    yield `{"user_id":"${id(n)}","state":"created","token_id":"sit_${n}","url":"https://x"}`;
  }
}

test("the last hundred of a million users get tokens in a small heap", async () => {
  write(cli.file("users.csv"), list());
  write(cli.file("results.ndjson"), records(100));
  const args = ["bulk", "users.csv", "-o", "results.ndjson", ...FAST, "--format", "csv"];
  const { code, stderr } = await cli.run(args, { env });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /: 1,000,000 created \(100 now\), 0 failed, 0 unknown\n/);
  assert.equal((await cli.control.tokens()).length, 100);
});

test("a million rows that name no user are counted in a small heap", async () => {
  const rows = Array.from({ length: USERS }, (_, n) => `somebody_${n}`);
  write(cli.file("users.csv"), rows);
  const { code, stderr } = await cli.run(["bulk", "users.csv", "-o", "results.ndjson"], { env });
  assert.equal(code, 1, stderr);
  assert.match(stderr, /0 created \(0 now\), 0 failed, 0 unknown, 1,000,000 rows not usable/);
  assert.deepEqual(statesOf(cli.file("results.ndjson")), {});
});
