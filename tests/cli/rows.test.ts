// Which rows of a list count, what is said of the others, and what a run would do. tests/lists says
// how rows are read.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

import Papa from "papaparse";

import { BULK, useCommand } from "../support/command.ts";

const cli = useCommand();

for (const [what, text] of [
  ["an empty list", ""],
  ["a list of blank lines", "\n \n"],
  ["a list with names only", "user_id,email\n"],
]) {
  test(`${what} is refused, from a file and from standard input`, async () => {
    await cli.bulk(text).ends(2, /^error: users\.csv has no rows with users\. See.*\n$/);
    const said = /error: standard input has no rows with users\. See/;
    await cli.run(BULK.with(1, "-")).types(text, true).ends(2, said);
    assert.ok(!existsSync(cli.results), "no empty file stays");
  });
}

test("a row that repeats an earlier one is counted, and no failure of the list", async () => {
  for (let n = 0; n < 2; n++)
    await cli.bulk("user_1\nuser_1\n").ends(0, /: 1 created .*, 1 row repeated\n/);
});

describe("a file of another program", () => {
  const bulkOf = (name: string, more: string[] = []) => {
    copyFileSync(new URL(`../fixtures/lists/${name}`, import.meta.url), cli.file(name));
    return cli.run([...BULK.with(1, name), ...more]);
  };

  test("that is no list is refused", async () => {
    const said = /^error: excel\.xlsx is an Excel workbook .* save it as CSV UTF-8\. See.*\n$/;
    await bulkOf("excel.xlsx").ends(2, said);
    assert.ok(!existsSync(cli.results));
  });

  test("keeps its names in the CSV of the results, and says how it was read", async () => {
    const said = /^warning: excel-ansi\.csv: the list is not UTF-8, .* windows-1252/;
    await bulkOf("excel-ansi.csv", ["--format", "csv"]).ends(0, said);
    const csv = readFileSync(`${cli.results}.csv`, "utf8");
    assert.match(csv, /Müller, Jürgen;jm@example\.com;2;user_/);
  });

  test("without Clerk users is named as such, and nothing is sent", async () => {
    const said = /warning: auth0\.csv: no row has a Clerk user ID\. .*Auth0/;
    await bulkOf("auth0.csv").ends(1, said);
    assert.deepEqual(await cli.control.requests(), []);
  });
});

test("the same results file with another organization says who has the wrong token", async () => {
  await cli.bulk("user_1,org_1\nuser_2,org_1\n").ends(0);
  const said = /2 created \(0 now\).*, 1 token for another organization\n/;
  const advice = /also if it has expired or is\s+for another organization[^]*revoke --from/;
  await cli.bulk("user_1,org_2\nuser_2,org_1\n").ends(1, said, advice);
  assert.equal((await cli.control.requests()).length, 2);
});

describe("--dry-run", () => {
  test("says what would be sent, sends nothing and writes nothing", async () => {
    const list =
      "email,clerk_user,org_id\na,user_1,org_1\nb,user_2,\nb,user_2,\nc,nobody,\nd,user_3,\n";
    const { stdout } = await cli
      .bulk(list, ["--dry-run"])
      .ends(
        1,
        /line 5: not a user ID/,
        /users\.csv: 3 users, 1 row not usable, 1 row repeated; users in "clerk_user"/,
        /, organizations in "org_id"\n/,
        /3 requests to the development instance, at least 1 second .*\. Nothing was sent\.\n$/,
      );
    assert.equal(stdout, "");
    assert.deepEqual(await cli.control.requests(), []);
    assert.ok(!existsSync(cli.results));
  });

  test("leaves out who has a token, and can say it as JSON", async () => {
    await cli.bulk("user_1\n").ends(0);
    const before = readFileSync(cli.results, "utf8");
    const env = { CLERK_SECRET_KEY: "sk_live_x" };
    const { stdout } = await cli.bulk(2001, ["--dry-run", "--json"], { env }).ends(0);
    const { users, requests, instance, user_column } = JSON.parse(stdout);
    const expected = [2001, 2000, "production", "user_id"];
    assert.deepEqual([users, requests, instance, user_column], expected);
    assert.equal(readFileSync(cli.results, "utf8"), before);
  });
});

test("--limit creates so many tokens, and the next run the others", async () => {
  const said = /3 created \(3 now\)[^]*This was the --limit\./;
  await cli.bulk(10, ["--limit", "3", "--format", "csv"]).ends(0, said);
  assert.equal((await cli.control.tokens()).length, 3);
  const csv = readFileSync(`${cli.results}.csv`, "utf8").trim();
  const states = Papa.parse<{ state: string }>(csv, { header: true }).data.map((row) => row.state);
  assert.deepEqual(states, [...Array(3).fill("created"), ...Array(7).fill("not_sent")]);
  await cli.bulk(10, ["--limit", "3"]).ends(0);
  await cli.bulk(10).ends(0);
  assert.deepEqual(cli.states(), { created: 10 });
  assert.equal((await cli.control.tokens()).length, 10);
});
