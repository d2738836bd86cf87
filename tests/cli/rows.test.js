// Which rows of a list count, what is said of the others, and what a run would do.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";

import Papa from "papaparse";

import { FAST, lastRecords, statesOf, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();

/** Runs bulk over a list, with `more` arguments. */
function bulk(text, more = [], options) {
  const list = cli.file("users.csv", text);
  return cli.run(["bulk", list, "--output", "results.ndjson", ...FAST, ...more], options);
}

/** Runs bulk over one of the files that other programs wrote. */
function bulkOf(name, more = []) {
  copyFileSync(new URL(`../fixtures/lists/${name}`, import.meta.url), cli.file(name));
  return cli.run(["bulk", name, "--output", "results.ndjson", ...FAST, ...more]);
}

const results = () => cli.file("results.ndjson");

for (const [what, text] of [
  ["an empty list", ""],
  ["a list of blank lines", "\n \n"],
  ["a list with names only", "user_id,email\n"],
]) {
  test(`${what} is refused, from a file and from standard input`, async () => {
    const { code, stderr } = await bulk(text);
    assert.deepEqual([code, stderr.match(/\n/g).length], [2, 1]);
    assert.match(stderr, /^error: .*users\.csv has no rows with users\. See/);
    const program = cli.start(["bulk", "-", "-o", "results.ndjson"]);
    program.child.stdin.end(text);
    const ended = await program.ended;
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /error: standard input has no rows with users\. See/);
    assert.ok(!existsSync(results()), "no empty file stays");
  });
}

test("a row that repeats an earlier one is counted, and no failure of the list", async () => {
  for (let n = 0; n < 2; n++) {
    const { code, stderr } = await bulk("user_1\nuser_1\n");
    assert.equal(code, 0);
    assert.match(stderr, /: 1 created .*, 1 row repeated\n/);
  }
});

test("a row that repeats a user with another organization is not usable", async () => {
  const { code, stderr } = await bulk("user_1,org_1\nuser_1,org_2\n");
  assert.equal(code, 1);
  assert.match(stderr, /line 2: the same user as in an earlier row, with another organization/);
  assert.match(stderr, /1 created .* 1 row not usable/);
});

describe("a file of another program", () => {
  for (const [name, message] of [
    ["excel.xlsx", /^error: excel\.xlsx is an Excel workbook .* save it as CSV UTF-8\. See/],
    ["users.csv.gz", /^error: users\.csv\.gz is compressed with gzip/],
    ["screenshot.png", /^error: screenshot\.png is an image/],
  ]) {
    test(`that is no list is refused: ${name}`, async () => {
      const { code, stderr } = await bulkOf(name);
      assert.deepEqual([code, stderr.match(/\n/g).length], [2, 1]);
      assert.match(stderr, message);
      assert.ok(!existsSync(results()));
    });
  }

  test("keeps its names in the CSV of the results", async () => {
    const { code, stderr } = await bulkOf("excel-ansi.csv", ["--format", "csv"]);
    assert.equal(code, 0);
    assert.match(stderr, /^warning: excel-ansi\.csv: the list is not UTF-8, .* windows-1252/);
    assert.match(
      readFileSync(`${results()}.csv`, "utf8"),
      /"Müller, Jürgen",jm@example\.com,2,user_/,
    );
  });

  test("gets tokens for Clerk's new IDs, not for those of another instance", async () => {
    assert.equal((await bulkOf("clerk-migration-log.json")).code, 1);
    const users = (await cli.control.tokens()).map(({ user_id }) => user_id);
    assert.ok(users.length === 2 && users.every((user) => user.startsWith("user_2")), users.join());
  });

  test("without a user of Clerk's is named as such", async () => {
    const { code, stderr } = await bulkOf("auth0.csv");
    assert.equal(code, 1);
    assert.match(stderr, /warning: auth0\.csv: no row has a user ID of Clerk's\. .*Auth0/);
    assert.deepEqual(await cli.control.requests(), []);
  });
});

describe("--format csv", () => {
  test("has the columns of all rows, and both of two with one name", async () => {
    await bulk("user_id,note,note\nuser_1\nuser_2,a,b,c\n", ["--format", "csv"]);
    const [header, ...rows] = Papa.parse(readFileSync(`${results()}.csv`, "utf8")).data;
    assert.deepEqual(header.slice(0, 4), ["note", "input_note", "column 4", "line"]);
    assert.deepEqual(rows[0].slice(0, 5), ["", "", "", "2", "user_1"]);
    assert.deepEqual(rows[1].slice(0, 5), ["a", "b", "c", "3", "user_2"]);
  });

  test("has the fields of all objects", async () => {
    await bulk('{"id":"user_1"}\n{"id":"user_2","plan":"pro"}\n', ["--format", "csv"]);
    const [header, , second] = Papa.parse(readFileSync(`${results()}.csv`, "utf8")).data;
    assert.deepEqual([header[0], second[0]], ["plan", "pro"]);
  });

  test("does not overwrite a file of another kind, but its own", async () => {
    const path = cli.file("results.ndjson.csv", "user_id,email\nuser_1,a@example.com\n");
    const { code, stderr } = await bulk(usersList(1), ["--format", "csv"]);
    assert.equal(code, 2);
    assert.match(stderr, /results\.ndjson\.csv exists, and is not a file of this command/);
    assert.match(readFileSync(path, "utf8"), /^user_id,email\n/);
    writeFileSync(path, "");
    for (let n = 0; n < 2; n++)
      assert.equal((await bulk(usersList(1), ["--format", "csv"])).code, 0);
  });
});

describe("the same results file", () => {
  test("with another organization says who has a token for the wrong one", async () => {
    await bulk("user_1,org_1\nuser_2,org_1\n");
    const { code, stderr } = await bulk("user_1,org_2\nuser_2,org_1\n");
    assert.equal(code, 1);
    assert.match(stderr, /2 created \(0 now\).*, 1 token for another organization\n/);
    assert.match(
      stderr,
      /also if it has expired or is for\s+another organization[^]*revoke --from/,
    );
    assert.equal((await cli.control.requests()).length, 2);
  });

  test("with tokens that have expired says so", async () => {
    const record = { user_id: "user_1", state: "created", token_id: "sit_1", expires_at: 1000 };
    cli.file("results.ndjson", `${JSON.stringify(record)}\n`);
    const { code, stderr } = await bulk("user_1\nuser_2\n");
    assert.equal(code, 1);
    assert.match(stderr, /2 created \(1 now\).*, 1 token expired\n/);
  });
});

describe("--dry-run", () => {
  const text =
    "email,clerk_user,org_id\na,user_1,org_1\nb,user_2,\nb,user_2,\nc,nobody,\nd,user_3,\n";

  test("says what would be sent, sends nothing and writes nothing", async () => {
    const { code, stdout, stderr } = await bulk(text, ["--dry-run"]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /line 5: not a user ID/);
    assert.match(
      stderr,
      /users\.csv: 3 users, 1 row not usable, 1 row repeated; users in "clerk_user", organizations in "org_id"\n/,
    );
    assert.match(
      stderr,
      /3 requests to the development instance, at least 1 second .*\. Nothing was sent\.\n$/,
    );
    assert.deepEqual(await cli.control.requests(), []);
    assert.ok(!existsSync(results()));
  });

  test("leaves out who has a token, and can say it as JSON", async () => {
    await bulk("user_1\n");
    const before = readFileSync(results(), "utf8");
    const { code, stdout } = await bulk(usersList(2001), ["--dry-run", "--json"], {
      env: { CLERK_SECRET_KEY: "sk_live_x" },
    });
    assert.equal(code, 0);
    const { users, requests, instance, user_column } = JSON.parse(stdout);
    assert.deepEqual(
      [users, requests, instance, user_column],
      [2001, 2000, "production", "user_id"],
    );
    assert.equal(readFileSync(results(), "utf8"), before);
  });
});

test("--limit creates so many tokens, and the next run the others", async () => {
  const { code, stderr } = await bulk(usersList(10), ["--limit", "3", "--format", "csv"]);
  assert.equal(code, 0);
  assert.match(stderr, /3 created \(3 now\)[^]*This was the --limit\./);
  assert.equal((await cli.control.tokens()).length, 3);
  const { data } = Papa.parse(readFileSync(`${results()}.csv`, "utf8").trim(), { header: true });
  assert.deepEqual(
    data.map(({ state }) => state),
    [...Array(3).fill("created"), ...Array(7).fill("not_sent")],
  );
  assert.equal((await bulk(usersList(10), ["--limit", "3"])).code, 0);
  assert.equal((await bulk(usersList(10))).code, 0);
  assert.deepEqual(statesOf(results()), { created: 10 });
  assert.equal((await cli.control.tokens()).length, 10);
});

test("an organization is kept with the token", async () => {
  await bulk("user_1,org_1\nuser_2,NULL\n");
  const users = lastRecords(results());
  assert.deepEqual([users.get("user_1").org_id, users.get("user_2").org_id], ["org_1", undefined]);
});
