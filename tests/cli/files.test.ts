// The results file: what is accepted, who can read it, who can write to it, and how it is repaired.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { describe, test } from "node:test";

import { BULK, RUNTIMES, useCommand } from "../support/command.ts";

const cli = useCommand();

describe("refused before anything is sent or written:", () => {
  const LIST = "is the list of users itself";
  const IRREGULAR = "is not a regular file";
  const OTHER = "line 1 is not a result of this command";
  const at = (name: string, prepare: (path: string) => unknown) => () => {
    prepare(cli.file(name));
    return name;
  };
  const CASES: Record<string, [prepare: () => string, message: RegExp | string]> = {
    "the list itself": [() => "users.csv", LIST],
    "a link to the list": [at("link", (path) => symlinkSync("users.csv", path)), LIST],
    "the list under another name": [
      at("other", (path) => linkSync(cli.file("users.csv"), path)),
      LIST,
    ],
    "a pipe": [at("pipe", (path) => execFileSync("mkfifo", [path])), IRREGULAR],
    "/dev/stdout": [() => "/dev/stdout", /is not a regular file|no such device/],
    "/dev/null": [() => "/dev/null", IRREGULAR],
    "a folder": [at("folder", (path) => mkdirSync(path)), "illegal operation on a directory"],
    "a file of something else": [() => cli.file("letter", "Dear Ada,\n"), OTHER],
    "one line without its end": [() => cli.file("notes", "Dear Ada"), OTHER],
    "a list in NDJSON": [() => cli.file("list", '{"user_id":"user_1"}\n'), OTHER],
    "one object without its end": [() => cli.file("list", '{"user_id":"user_1"}'), OTHER],
  };
  for (const [what, [prepare, message]] of Object.entries(CASES)) {
    test(what, async () => {
      cli.list(1);
      const output = prepare();
      const path = cli.file(output.replace(cli.dir, ""));
      const isFile = existsSync(path) && statSync(path).isFile();
      if (isFile) chmodSync(path, 0o644);
      const before = isFile && readFileSync(path, "utf8");
      const code = message === LIST ? 2 : 1;
      await cli.run(BULK.with(3, output)).ends(code, RegExp(message), /^.*\n$/);
      assert.deepEqual(await cli.control.requests(), []);
      if (!isFile) return;
      assert.equal(readFileSync(path, "utf8"), before);
      assert.equal(statSync(path).mode & 0o777, 0o644);
    });
  }

  test("the list as standard input", async () => {
    const path = cli.file("results.ndjson", "");
    const stdio = [openSync(path, "r"), "pipe" as const, "pipe" as const];
    await cli.run(BULK.with(1, "-"), { stdio }).ends(2, RegExp(LIST));
  });
});

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`a file that others may read becomes private, in ${name}`, async () => {
    const path = cli.file("results.ndjson", "");
    chmodSync(path, 0o666);
    await cli.bulk(3, [], { runtime }).ends(0);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });
}

describe("the last line", () => {
  const at = "2026-01-01T00:00:00.000Z";
  const line = (record: object) => `${JSON.stringify({ ...record, at })}\n`;
  const created = (user_id: string, token_id: string, url: string) =>
    line({ user_id, state: "created", token_id, url });
  const begun =
    created("user_0", "sit_0", "https://x") + line({ user_id: "user_1", state: "sending" });
  const last = created("user_1", "sit_1", "https://y");

  test("that broke off is kept as a note, its user is unknown, and the next is whole", async () => {
    cli.file("results.ndjson", begun + last.slice(0, 50));
    const said = /2 created \(1 now\), 0 failed, 1 unknown[^]*unknown user_1: the run ended/;
    await cli.bulk(3).ends(1, said);
    assert.deepEqual(cli.states(), { created: 2, unknown: 1 });
    const records = cli.records();
    assert.deepEqual(records[2], { problem: "this line broke off", text: last.slice(0, 50) });
    const states = records.filter(({ user_id }) => user_id === "user_2").map(({ state }) => state);
    assert.deepEqual(states, ["sending", "created"]);
    assert.equal((await cli.control.tokens()).length, 1);
  });

  test("that broke off is kept as a note if it is alone", async () => {
    for (const text of [line({ user_id: "user_1", state: "sending" }).slice(0, 30), "{"]) {
      cli.file("results.ndjson", text);
      await cli.bulk(3).ends(0);
      assert.deepEqual(cli.records()[0], { problem: "this line broke off", text });
    }
  });

  test("without a line end counts", async () => {
    cli.file("results.ndjson", begun + last.slice(0, -1));
    await cli.bulk(3).ends(0);
    assert.deepEqual(cli.states(), { created: 3 });
    assert.equal(cli.users().get("user_1")?.url, "https://y");
  });

  test("that broke off within a character is also kept", async () => {
    appendFileSync(cli.file("results.ndjson", begun), Buffer.from('{"user_id":"é').subarray(0, -1));
    await cli.bulk(3).ends(1);
    assert.deepEqual(cli.states(), { created: 2, unknown: 1 });
  });
});

test("an unusable row is recorded once, however often the command runs", async () => {
  for (let n = 0; n < 3; n++) await cli.bulk("oops\nuser_1\n").ends(1);
  const notes = cli.records().filter(({ problem }) => problem);
  assert.deepEqual(notes, [{ line: 1, problem: "not a user ID: those begin with user_" }]);
});
