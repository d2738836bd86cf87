// The command line: arguments, help, and errors of one line.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SECRET_KEY } from "../../emulator/server.ts";
import { COMMAND, useCommand } from "../support/command.ts";

const cli = useCommand();

type Case = [args: string, message: string, env?: NodeJS.ProcessEnv];

/** An error of one line. */
const POINTS_TO_HELP =
  /^error: .*[.)] See clerk-sign-in-tokens( (create|revoke|bulk|complete))? --help\n$/;

const KEYS = ["sk_test_x ", "sk_test_x\n", '"sk_test_x"', "sk_test_\u00e9", "sk_test_100%"];

const WRONG: Case[] = [
  ["creat", "unknown command 'creat' (Did you mean create?)"],
  ["help nope", "unknown command 'nope'"],
  ["bulk x -o y --expire 1", "unknown option '--expire' (Did you mean --expires?)"],
  ["create user_1 --output x", "unknown option '--output'"],
  ["create", "missing required argument 'user'"],
  ["create user_1 user_2", "too many arguments for 'create'"],
  ["bulk users.csv", "required option '-o, --output <results>' not specified"],
  ["bulk users.csv -o -", "--output must be a file"],
  ["bulk - -o x --format csv", "--format csv needs a file"],
  ["create user_1 --json --expires soon", "argument 'soon' is invalid. Expected seconds"],
  ["create user_1 --json --expires 0m", "argument '0m' is invalid"],
  ["bulk x -o y --expires 999999999d", "is invalid. Expected at most 3650d."],
  ["bulk x -o y --concurrency 0", "argument '0' is invalid. Expected a whole number"],
  ["bulk x -o y --concurrency 200000", "argument '200000' is invalid. Expected at most 1000."],
  ["bulk x -o y --format xml", "argument 'xml' is invalid. Allowed choices are ndjson, csv"],
  ["create user_1 --json --url-only", "option '--json' cannot be used with option '--url-only'"],
  ["create user_1", "standard output is not a terminal: use --url-only or --json"],
  ["create user_1 --org= --json", "--org: expected"],
  ["revoke", "revoke needs token IDs, or --from"],
  ["revoke https://clerk.example/?ticket=eyJsecret", "this is not a token ID"],
  ["revoke eyJ.eyJsecret.x", "this is not a token ID"],
  ["complete", "complete needs a shell: bash, zsh, fish, powershell"],
  [`create user_1 ${SECRET_KEY}`, "never on the command line"],
  ["create user_1 --json", "CLERK_API_URL: expected", { CLERK_API_URL: "nowhere" }],
  ["create user_1 --json", "CLERK_SECRET_KEY is not set", { CLERK_SECRET_KEY: "" }],
  ...KEYS.map((CLERK_SECRET_KEY): Case => {
    const message = "CLERK_SECRET_KEY contains a space, a line end, a quote";
    return ["bulk x -o r", message, { CLERK_SECRET_KEY }];
  }),
];

for (const [args, message, env] of WRONG) {
  test(`${args} ${JSON.stringify(env ?? {})}: one line that points to the help`, async () => {
    const { stdout, stderr } = await cli.run(args.split(" "), { env }).ends(2, POINTS_TO_HELP);
    assert.equal(stdout, "");
    assert.ok(stderr.includes(message), stderr);
    assert.ok(!/eyJ|sk_/.test(stderr), "no secret");
    assert.deepEqual(await cli.control.requests(), [], "nothing was sent");
  });
}

const FAILS: Case[] = [
  ["bulk nowhere.csv -o r", "nowhere.csv: no such file or directory"],
  ["bulk . -o r", ".: illegal operation on a directory"],
  [`bulk ${COMMAND} -o nowhere/r`, "nowhere/r: no such file or directory"],
  [`bulk ${COMMAND} -o /proc/r`, "/proc/r: no such file or directory"],
  ["revoke --from nowhere", "nowhere: no such file or directory"],
  ["create nobody --json", "not found; No user was found"],
  // An empty address is the default one.
  ["bulk nowhere.csv -o r", "nowhere.csv: no such file or directory", { CLERK_API_URL: "" }],
];

for (const [args, message, env] of FAILS) {
  test(`${message} ${JSON.stringify(env ?? {})}: one line, without a stack`, async () => {
    const { stdout, stderr } = await cli.run(args.split(" "), { env }).ends(1, /^error: .*\n$/);
    assert.equal(stdout, "");
    assert.ok(stderr.startsWith(`error: ${message}`), stderr);
  });
}

describe("help", () => {
  for (const args of ["--help", "help", "help bulk", "status --help", "create --help", "revoke -h"])
    test(`${args} fits into 80 columns`, async () => {
      const env = { CLERK_SECRET_KEY: "" };
      const { stdout } = await cli.run(args.split(" "), { env }).ends(0, /^$/);
      assert.match(stdout, /^Usage: clerk-sign-in-tokens/);
      for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
      const root = /CLERK_SECRET_KEY[^]*CLERK_API_URL[^]*NO_COLOR[^]*Exit codes: 0 .*1 .*2 .*130/;
      if (args === "--help") assert.match(stdout, root);
    });

  test("is printed without a command, with exit code 2", async () => {
    const { stdout } = await cli.run([]).ends(2, /^Usage:/);
    assert.equal(stdout, "");
  });
});

test("--version", async () => {
  const { stdout } = await cli.run(["--version"]).ends(0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test("shell completion", async () => {
  const script = await cli.run(["complete", "bash"]).ends(0);
  assert.match(script.stdout, /bash completion for clerk-sign-in-tokens/);
  const { stdout } = await cli.run(["complete", "--", "bulk", "--retry-"]).ends(0);
  assert.match(stdout, /^--retry-failed\t.*\n--retry-unknown\t/);
});
