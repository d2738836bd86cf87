// The command line: arguments, help, and errors of one line.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SECRET_KEY } from "../../emulator/server.ts";
import { COMMAND, useCommand } from "../support/command.ts";

const cli = useCommand();

for (const [what, args, message, env] of [
  ["an unknown command", ["creat"], "unknown command 'creat' (Did you mean create?)"],
  [
    "an unknown option",
    ["bulk", "x", "-o", "y", "--expire", "1"],
    "unknown option '--expire' (Did you mean --expires?)",
  ],
  [
    "an option of another command",
    ["create", "user_1", "--output", "x"],
    "unknown option '--output'",
  ],
  ["no user", ["create"], "missing required argument 'user'"],
  ["two users", ["create", "user_1", "user_2"], "too many arguments for 'create'"],
  ["no output", ["bulk", "users.csv"], "required option '-o, --output <results>' not specified"],
  ["standard output as output", ["bulk", "users.csv", "-o", "-"], "--output must be a file"],
  [
    "an invalid lifetime",
    ["create", "user_1", "--json", "--expires", "soon"],
    "argument 'soon' is invalid. Expected seconds",
  ],
  [
    "a lifetime of 0",
    ["create", "user_1", "--json", "--expires", "0m"],
    "argument '0m' is invalid",
  ],
  [
    "an invalid number",
    ["bulk", "x", "-o", "y", "--concurrency", "0"],
    "argument '0' is invalid. Expected a whole number",
  ],
  [
    "an invalid format",
    ["bulk", "x", "-o", "y", "--format", "xml"],
    "argument 'xml' is invalid. Allowed choices are ndjson, csv",
  ],
  [
    "two ways to print",
    ["create", "user_1", "--json", "--url-only"],
    "option '--json' cannot be used with option '--url-only'",
  ],
  [
    "no way to print, into a pipe",
    ["create", "user_1"],
    "standard output is not a terminal: use --url-only or --json",
  ],
  ["nothing to revoke", ["revoke"], "revoke needs token IDs, or --from"],
  [
    "a link to revoke",
    ["revoke", "https://clerk.example/?ticket=eyJsecret"],
    "this is not a token ID",
  ],
  ["a ticket to revoke", ["revoke", "eyJ.eyJsecret.x"], "this is not a token ID"],
  [
    "no key",
    ["create", "user_1", "--json"],
    "CLERK_SECRET_KEY is not set",
    { CLERK_SECRET_KEY: "" },
  ],
  ...[
    "sk_test_emulator ",
    "sk_test_emulator\n",
    '"sk_test_emulator"',
    "sk_test_\u00e9",
    "sk_test_100%",
  ].map((key) => [
    `the key ${JSON.stringify(key)}`,
    ["bulk", COMMAND, "-o", "r"],
    "CLERK_SECRET_KEY contains a space, a line end, a quote",
    { CLERK_SECRET_KEY: key },
  ]),
  [
    "too many requests at a time",
    ["bulk", "x", "-o", "y", "--concurrency", "200000"],
    "argument '200000' is invalid. Expected at most 1000.",
  ],
  [
    "a lifetime beyond any calendar",
    ["bulk", "x", "-o", "y", "--expires", "999999999d"],
    "is invalid. Expected at most 3650d.",
  ],
  ["help for an unknown command", ["help", "nope"], "unknown command 'nope'"],
  ["completion for no shell", ["complete"], "complete needs a shell: bash, zsh, fish, powershell"],
  ["an invalid organization", ["create", "user_1", "--org", "", "--json"], "--org: expected"],
  [
    "an invalid address",
    ["create", "user_1", "--json"],
    "CLERK_API_URL: expected",
    { CLERK_API_URL: "nowhere" },
  ],
  ["a key on the command line", ["create", "user_1", SECRET_KEY], "never on the command line"],
]) {
  test(`${what}: one line that points to the help`, async () => {
    const { code, stdout, stderr } = await cli.run(args, { env });
    assert.deepEqual([code, stdout, stderr.match(/\n/g).length], [2, "", 1], stderr);
    assert.ok(stderr.startsWith(`error: `) && stderr.includes(message), stderr);
    assert.match(
      stderr,
      /[.)] See clerk-sign-in-tokens( (create|revoke|bulk|complete))? --help\n$/,
    );
    assert.ok(!/secret\b.*eyJ|eyJ|sk_/.test(stderr), "no secret");
    assert.deepEqual(await cli.control.requests(), [], "nothing was sent");
  });
}

for (const [what, args, message] of [
  [
    "a list that does not exist",
    ["bulk", "nowhere.csv", "-o", "r"],
    "nowhere.csv: no such file or directory",
  ],
  ["a list that is a folder", ["bulk", ".", "-o", "r"], ".: illegal operation on a directory"],
  [
    "a folder that does not exist",
    ["bulk", COMMAND, "-o", "nowhere/r"],
    "nowhere/r: no such file or directory",
  ],
  [
    "results that do not exist",
    ["revoke", "--from", "nowhere"],
    "nowhere: no such file or directory",
  ],
  ["a user who does not exist", ["create", "nobody", "--json"], "not found; No user was found"],
]) {
  test(`${what}: one line, without a stack`, async () => {
    const { code, stdout, stderr } = await cli.run(args);
    assert.deepEqual([code, stdout, stderr.match(/\n/g).length], [1, "", 1], stderr);
    assert.ok(stderr.startsWith(`error: ${message}`), stderr);
  });
}

describe("help", () => {
  for (const args of [
    ["--help"],
    ["help"],
    ["help", "bulk"],
    ["status", "--help"],
    ["create", "--help"],
    ["revoke", "-h"],
  ]) {
    test(`${args.join(" ")} fits into 80 columns`, async () => {
      const { code, stdout, stderr } = await cli.run(args, { env: { CLERK_SECRET_KEY: "" } });
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^Usage: clerk-sign-in-tokens/);
      for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    });
  }

  test("names the exit codes and the environment", async () => {
    const { stdout } = await cli.run(["--help"]);
    assert.match(
      stdout,
      /CLERK_SECRET_KEY[^]*CLERK_API_URL[^]*NO_COLOR[^]*Exit codes: 0 .*1 .*2 .*130/,
    );
  });

  test("is printed without a command, with exit code 2", async () => {
    const { code, stdout, stderr } = await cli.run([]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^Usage:/);
  });
});

test("an empty address is the default one", async () => {
  const env = { CLERK_API_URL: "", CLERK_SECRET_KEY: "sk_test_x" };
  const { code, stderr } = await cli.run(["bulk", "nowhere.csv", "-o", "r"], { env });
  assert.deepEqual([code, stderr], [1, "error: nowhere.csv: no such file or directory\n"]);
});

test("--version", async () => {
  const { code, stdout } = await cli.run(["--version"]);
  assert.equal(code, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test("shell completion", async () => {
  assert.match(
    (await cli.run(["complete", "bash"])).stdout,
    /bash completion for clerk-sign-in-tokens/,
  );
  const { stdout } = await cli.run(["complete", "--", "bulk", "--retry-"]);
  assert.match(stdout, /^--retry-failed\t.*\n--retry-unknown\t/);
});
