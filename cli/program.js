// The command's arguments, and its help.
import tab from "@bomb.sh/tab/commander";
import { Command, Option } from "commander";

import { lifetime, wholeNumber } from "./arguments.js";
import { bulk } from "./bulk.js";
import { create } from "./create.js";
import manifest from "./package.json" with { type: "json" };
import { revoke } from "./revoke.js";
import { Terminal } from "./terminal.js";

const NAME = "clerk-sign-in-tokens";

const ENVIRONMENT = `
Environment:
  CLERK_SECRET_KEY  the secret key, sk_live_… or sk_test_…
  CLERK_API_URL     another address of the Backend API
  NO_COLOR          no colors

Exit codes: 0 all done, 1 not all, 2 not understood, 130 interrupted.`;

const COMPLETE = "print a script for completion in a shell";

const BULK = `
LIST is CSV or NDJSON with a column user_id or id (as in Clerk's own export)
and, if there is one, org_id; or one user ID a line.

RESULTS gets a line of JSON for each step. It holds links that sign people in;
only you may read it. Started again with the same RESULTS, the command goes on:
it leaves out whoever has a token, failed, or is unknown (may have a token that
nobody holds). It exits with 1 while RESULTS has anybody failed or unknown.`;

/**
 * Returns the program. `done(exitCode)` is told how a command ended; errors in the arguments are thrown, after their message.
 */
export function program(done) {
  const root = new Command(NAME)
    .description(
      "Creates and revokes Clerk sign-in tokens. A token signs somebody in: treat it like a password.",
    )
    .version(manifest.version, "-V, --version")
    .addHelpText("after", ENVIRONMENT);
  const action = (run) => async (argument, options) => {
    const terminal = new Terminal({ isQuiet: options.quiet });
    done(await run(argument, options, terminal));
  };

  root
    .command("create")
    .description("create a token for a user")
    .argument("<user>", "the user's ID, user_…")
    .option("--org <id>", "the organization to activate on sign-in")
    .addOption(expires())
    .option("--url-only", "print the link, and nothing else")
    .addOption(new Option("--json", "print the token as JSON").conflicts("urlOnly"))
    .action(action(create));

  pacing(
    root
      .command("revoke")
      .description("revoke tokens, by their IDs or from the results of bulk")
      .argument("[token...]", "the tokens' IDs, sit_…")
      .option("--from <results>", "revoke every token in this file; started again, it goes on"),
  ).action(action(revoke));

  pacing(
    root
      .command("bulk")
      .description("create a token for each user of a list")
      .argument("<list>", "the list of users, or - for standard input")
      .requiredOption(
        "-o, --output <results>",
        "the file that gets the results, and from which a run goes on",
      )
      .addOption(
        new Option(
          "--format <format>",
          "csv: write RESULTS.csv besides, with the list's other columns",
        )
          .choices(["ndjson", "csv"])
          .default("ndjson"),
      )
      .addOption(expires())
      .option("--retry-failed", "try again whoever failed")
      .option(
        "--retry-unknown",
        "after you have looked: create a token also for whoever is unknown, perhaps a second one",
      ),
  )
    .addHelpText("after", BULK)
    .action(action(bulk));

  tab(root);
  root.commands.find((command) => command.name() === "complete").description(COMPLETE);
  for (const command of [root, ...root.commands]) saysWhereHelpIs(command);
  return root;
}

function expires() {
  const text = "how long a token lasts: seconds, or a number with s, m, h or d (default: 30d)";
  return new Option("--expires <lifetime>", text).argParser(lifetime);
}

function pacing(command) {
  return command
    .option("--concurrency <number>", "requests under way at a time", wholeNumber, 20)
    .option(
      "--rate-limit <number>",
      "requests in 10 seconds (default: Clerk's limit for the key)",
      wholeNumber,
    )
    .option("-q, --quiet", "say nothing but what has to be looked at");
}

/** An error is one line, which ends in where to read on. */
function saysWhereHelpIs(command) {
  const name = command.parent ? `${NAME} ${command.name()}` : NAME;
  command.exitOverride().configureOutput({
    outputError: (text) => new Terminal().error(withHelp(text.replace(/^error: /, ""), name)),
  });
}

/** `message` as one line that says where help is. */
export function withHelp(message, name = NAME) {
  const line = message.trim().replace(/\s*\n\s*/g, " ");
  return `${line}${/[.?!)]$/.test(line) ? "" : "."} See ${name} --help`;
}
