// Defines the command's arguments and its help.
import tab from "@bomb.sh/tab/commander";
import { Command, InvalidArgumentError, Option } from "commander";

import { bulk } from "./bulk.ts";
import { create } from "./create.ts";
import { UsageError } from "./errors.ts";
import { print } from "./output.ts";
import manifest from "./package.json" with { type: "json" };
import { revoke } from "./revoke.ts";
import { status } from "./summary.ts";
import { Terminal } from "./terminal.ts";

const NAME = "clerk-sign-in-tokens";

const ENVIRONMENT = `
Environment:
  CLERK_SECRET_KEY  the secret key, sk_live_… or sk_test_…
  CLERK_API_URL     another address of the Backend API
  HTTPS_PROXY       a proxy; Node needs NODE_USE_ENV_PROXY=1 too (24 or newer)
  NO_COLOR          no colors

Exit codes: 0 all done, 1 not all, 2 wrong usage, 130 interrupted.`;

const SHELLS = ["bash", "zsh", "fish", "powershell"];

const CREATE = `
Examples:
  ${NAME} create user_2x
  ${NAME} create user_2x --expires 10m --url-only | pbcopy`;

const REVOKE = `
RESULTS is the file that bulk --output wrote, or a CSV file with its results:
that of bulk --format csv, or that of the admin page.

Examples:
  ${NAME} revoke sit_2x sit_2y
  ${NAME} revoke --from results.ndjson`;

const BULK = `
LIST is CSV, NDJSON or a JSON array with a column user_id or id (as in Clerk's
own export) and an optional column org_id; or it has one user ID in each line.

RESULTS gets a line of JSON for each step. It contains links that sign people
in; only you can read it. Run the command again with the same RESULTS to
continue: it skips users who have a token, failed, or are unknown (a token may
exist). It exits with 1 while RESULTS has users who failed, are unknown or were
not sent, or LIST has a row that names no user.

Examples:
  ${NAME} bulk users.csv -o results.ndjson --dry-run
  ${NAME} bulk users.csv -o results.ndjson --limit 10
  ${NAME} bulk users.csv -o results.ndjson --format csv`;

const STATUS = `
Examples:
  ${NAME} status results.ndjson
  ${NAME} status results.ndjson --json | jq .unknown`;

/** Returns the program. Its commands set the exit code. */
export function program() {
  const root = new Command(NAME)
    .description("Creates and revokes Clerk sign-in tokens. Treat a token like a password.")
    .version(manifest.version, "-V, --version")
    .addHelpText("after", ENVIRONMENT)
    // The commands inherit these; main.js prints their errors.
    .exitOverride()
    .configureOutput({ writeOut: print, outputError: () => {} });
  addCreate(root);
  addRevoke(root);
  addBulk(root);
  addStatus(root);

  tab(root);
  root.commands
    .find((command) => command.name() === "complete")
    ?.description("print a script for completion");
  return root;
}

/** Throws for arguments that the libraries take without a word. */
export function checkArguments(root: Command, args: string[]) {
  const [command, argument] = args;
  if (args.some((arg) => /sk_(live|test)_/.test(arg)))
    throw new UsageError(
      "The secret key belongs in CLERK_SECRET_KEY, never on the command line, which others see.",
    );
  if (command === "help" && argument && !root.commands.some((each) => each.name() === argument))
    throw new UsageError(`unknown command '${argument}'`);
  if (command === "complete" && !["--", "--help", "-h", ...SHELLS].includes(argument))
    throw new UsageError(`complete needs a shell: ${SHELLS.join(", ")}`);
}

/** Returns what a command does. `run` returns the exit code. */
function action<Argument, Options>(
  run: (argument: Argument, options: Options, terminal: Terminal) => Promise<number>,
) {
  return async (argument: Argument, options: Options & { quiet?: boolean }) => {
    process.exitCode = await run(argument, options, new Terminal({ isQuiet: options.quiet }));
  };
}

function addCreate(root: Command) {
  root
    .command("create")
    .description("create a token for a user")
    .argument("<user>", "the user's ID, user_…")
    .option("--org <id>", "the organization to activate on sign-in")
    .addOption(expires())
    .option("--url-only", "print the link, and nothing else")
    .addOption(new Option("--json", "print the token as JSON").conflicts("urlOnly"))
    .addHelpText("after", CREATE)
    .action(action(create));
}

function addRevoke(root: Command) {
  const command = root
    .command("revoke")
    .description("revoke tokens, by their IDs or from the results of bulk")
    .argument("[token...]", "the tokens' IDs, sit_…")
    .option("--from <results>", "revoke every token in this file; run it again to continue");
  pacing(command).addHelpText("after", REVOKE).action(action(revoke));
}

function addStatus(root: Command) {
  root
    .command("status")
    .description("count the users in a results file; needs no key")
    .argument("<results>", "the results file")
    .option("--json", "also print the counts as JSON")
    .addHelpText("after", STATUS)
    .action(action(status));
}

function addBulk(root: Command) {
  const command = root
    .command("bulk")
    .description("create a token for each user of a list")
    .argument("<list>", "the list of users, or - for standard input")
    .requiredOption("-o, --output <results>", "the results, from which a run continues")
    .addOption(
      new Option("--format <format>", "csv: also write RESULTS.csv, with the list's columns")
        .choices(["ndjson", "csv"])
        .default("ndjson"),
    )
    .addOption(expires())
    .option("--dry-run", "say what would be sent, and send nothing")
    .option("--limit <number>", "create at most so many tokens", wholeNumber())
    .option("--retry-failed", "retry users who failed")
    .option("--retry-unknown", "retry unknown users, who may get a second token");
  pacing(command).addHelpText("after", BULK).action(action(bulk));
}

function expires() {
  const text = "how long a token lasts: seconds, or a number with s, m, h or d";
  const option = new Option("--expires <lifetime>", text).argParser(lifetime);
  return option.default(30 * SECONDS.d, "30d");
}

function pacing(command: Command) {
  return command
    .option("--concurrency <number>", "requests in flight at a time", wholeNumber(1000), 20)
    .option("--rate-limit <number>", "requests in 10 seconds (default: Clerk's)", wholeNumber())
    .option("-y, --yes", "do not ask before the first request with a production key")
    .option("--json", "also print the summary as JSON")
    .option("-q, --quiet", "print only warnings, errors and what needs your attention");
}

const SECONDS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** No date of a token's end is too large for a calendar. */
const LONGEST = 3650 * SECONDS.d;

/** Returns "90", "90s", "10m", "2h" or "7d" in seconds. */
function lifetime(text: string) {
  const [, amount, unit] = text.match(/^([1-9]\d{0,8})([smhd]?)$/) ?? [];
  if (!amount) throw new InvalidArgumentError("Expected seconds, or a number with s, m, h or d.");
  const seconds = Number(amount) * SECONDS[unit];
  if (seconds > LONGEST) throw new InvalidArgumentError("Expected at most 3650d.");
  return seconds;
}

function wholeNumber(most = 999_999_999) {
  return (text: string) => {
    if (!/^[1-9]\d{0,8}$/.test(text))
      throw new InvalidArgumentError("Expected a whole number, 1 or more.");
    if (Number(text) > most) throw new InvalidArgumentError(`Expected at most ${most}.`);
    return Number(text);
  };
}
