// Which rows of a list count, what is said of the others, and what a run would do. tests/lists says
// how rows are read.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

import Papa from "papaparse";

import { BULK, lastRecords, statesOf, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();

for (const [what, text] of [
  ["an empty list", ""],
  ["a list of blank lines", "\n \n"],
  ["a list with names only", "user_id,email\n"],
]) {
  test(`${what} is refused, from a file and from standard input`, async () => {
    const { code, stderr } = await cli.bulk(text);
    assert.deepEqual([code, stderr.match(/\n/g)?.length], [2, 1]);
    assert.match(stderr, /^error: users\.csv has no rows with users\. See/);
    const program = cli.start(["bulk", "-", "-o", "results.ndjson"]);
    program.child.stdin?.end(text);
    const ended = await program.ended;
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /error: standard input has no rows with users\. See/);
    assert.ok(!existsSync(cli.results), "no empty file stays");
  });
}

test("a row that repeats an earlier one is counted, and no failure of the list", async () => {
  for (let n = 0; n < 2; n++) {
    const { code, stderr } = await cli.bulk("user_1\nuser_1\n");
    assert.equal(code, 0);
    assert.match(stderr, /: 1 created .*, 1 row repeated\n/);
  }
});

test("a row that repeats a user with another organization is not usable", async () => {
  const { code, stderr } = await cli.bulk("user_1,org_1\nuser_1,org_2\n");
  assert.equal(code, 1);
  assert.match(stderr, /line 2: the same user as in an earlier row, with another organization/);
  assert.match(stderr, /1 created .* 1 row not usable/);
});

describe("a file of another program", () => {
  const bulkOf = (name: string, more: string[] = []) => {
    copyFileSync(new URL(`../fixtures/lists/${name}`, import.meta.url), cli.file(name));
    return cli.run([...BULK.with(1, name), ...more]);
  };

  test("that is no list is refused", async () => {
    const { code, stderr } = await bulkOf("excel.xlsx");
    assert.deepEqual([code, stderr.match(/\n/g)?.length], [2, 1]);
    assert.match(stderr, /^error: excel\.xlsx is an Excel workbook .* save it as CSV UTF-8\. See/);
    assert.ok(!existsSync(cli.results));
  });

  test("keeps its names in the CSV of the results, and says how it was read", async () => {
    const { code, stderr } = await bulkOf("excel-ansi.csv", ["--format", "csv"]);
    assert.equal(code, 0);
    assert.match(stderr, /^warning: excel-ansi\.csv: the list is not UTF-8, .* windows-1252/);
    const csv = readFileSync(`${cli.results}.csv`, "utf8");
    assert.match(csv, /Müller, Jürgen;jm@example\.com;2;user_/);
  });

  test("without Clerk users is named as such, and nothing is sent", async () => {
    const { code, stderr } = await bulkOf("auth0.csv");
    assert.equal(code, 1);
    assert.match(stderr, /warning: auth0\.csv: no row has a Clerk user ID\. .*Auth0/);
    assert.deepEqual(await cli.control.requests(), []);
  });
});

describe("the same results file", () => {
  test("with another organization says who has a token for the wrong one", async () => {
    await cli.bulk("user_1,org_1\nuser_2,org_1\n");
    const { code, stderr } = await cli.bulk("user_1,org_2\nuser_2,org_1\n");
    assert.equal(code, 1);
    assert.match(stderr, /2 created \(0 now\).*, 1 token for another organization\n/);
    const advice = /also if it has expired or is\s+for another organization[^]*revoke --from/;
    assert.match(stderr, advice);
    assert.equal((await cli.control.requests()).length, 2);
  });

  test("with tokens that have expired says so", async () => {
    const record = { user_id: "user_1", state: "created", token_id: "sit_1", expires_at: 1000 };
    cli.file("results.ndjson", `${JSON.stringify(record)}\n`);
    const { code, stderr } = await cli.bulk("user_1\nuser_2\n");
    assert.equal(code, 1);
    assert.match(stderr, /2 created \(1 now\).*, 1 token expired\n/);
  });
});

describe("--dry-run", () => {
  test("says what would be sent, sends nothing and writes nothing", async () => {
    const list =
      "email,clerk_user,org_id\na,user_1,org_1\nb,user_2,\nb,user_2,\nc,nobody,\nd,user_3,\n";
    const { code, stdout, stderr } = await cli.bulk(list, ["--dry-run"]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /line 5: not a user ID/);
    assert.match(
      stderr,
      /users\.csv: 3 users, 1 row not usable, 1 row repeated; users in "clerk_user"/,
    );
    assert.match(stderr, /, organizations in "org_id"\n/);
    const sends =
      /3 requests to the development instance, at least 1 second .*\. Nothing was sent\.\n$/;
    assert.match(stderr, sends);
    assert.deepEqual(await cli.control.requests(), []);
    assert.ok(!existsSync(cli.results));
  });

  test("leaves out who has a token, and can say it as JSON", async () => {
    await cli.bulk("user_1\n");
    const before = readFileSync(cli.results, "utf8");
    const env = { CLERK_SECRET_KEY: "sk_live_x" };
    const { code, stdout } = await cli.bulk(usersList(2001), ["--dry-run", "--json"], { env });
    assert.equal(code, 0);
    const { users, requests, instance, user_column } = JSON.parse(stdout);
    const expected = [2001, 2000, "production", "user_id"];
    assert.deepEqual([users, requests, instance, user_column], expected);
    assert.equal(readFileSync(cli.results, "utf8"), before);
  });
});

test("--limit creates so many tokens, and the next run the others", async () => {
  const { code, stderr } = await cli.bulk(10, ["--limit", "3", "--format", "csv"]);
  assert.equal(code, 0);
  assert.match(stderr, /3 created \(3 now\)[^]*This was the --limit\./);
  assert.equal((await cli.control.tokens()).length, 3);
  const csv = readFileSync(`${cli.results}.csv`, "utf8").trim();
  const states = Papa.parse<{ state: string }>(csv, { header: true }).data.map((row) => row.state);
  assert.deepEqual(states, [...Array(3).fill("created"), ...Array(7).fill("not_sent")]);
  assert.equal((await cli.bulk(10, ["--limit", "3"])).code, 0);
  assert.equal((await cli.bulk(10)).code, 0);
  assert.deepEqual(statesOf(cli.results), { created: 10 });
  assert.equal((await cli.control.tokens()).length, 10);
});

test("an organization is kept with the token", async () => {
  await cli.bulk("user_1,org_1\nuser_2,NULL\n");
  const users = lastRecords(cli.results);
  const organizations = ["user_1", "user_2"].map((user) => users.get(user)?.org_id);
  assert.deepEqual(organizations, ["org_1", undefined]);
});
