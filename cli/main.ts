#!/usr/bin/env node
// The command clerk-sign-in-tokens, in Node, Deno and Bun.
import { type Command, CommanderError } from "commander";

import { Failure, reasonOf } from "./errors.ts";
import { endOutput } from "./output.ts";
import { checkArguments, program } from "./program.ts";
import { Terminal } from "./terminal.ts";

// A run must not end because nobody reads its messages any more, such as in a closed terminal.
process.stderr.on("error", () => {});

const exitCode = await main(process.argv.slice(2));
const lost = await endOutput();
if (exitCode === 0 && lost) new Terminal().error(`standard output: ${reasonOf(lost)}`);
// Without this, the runtime may wait for the end of standard input.
process.exit(exitCode || (lost ? 1 : 0));

/** Runs the command. Returns the exit code. */
async function main(args: string[]) {
  const root = program();
  try {
    checkArguments(root, args);
    await root.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    const isUsage = error instanceof CommanderError;
    if (!isUsage && !(error instanceof Failure)) throw error;
    const { exitCode, message, code } = error as CommanderError;
    if (isUsage && (exitCode === 0 || code === "commander.help")) return exitCode && 2;
    const isHelpful = isUsage || exitCode === 2;
    new Terminal().error(isHelpful ? withHelp(root, args, message) : message);
    return isHelpful ? 2 : exitCode;
  }
}

/** Returns an error as one line that points to the help. */
function withHelp(root: Command, [first]: string[], message: string) {
  const isCommand = root.commands.some((command) => command.name() === first);
  const line = message
    .replace(/^error: /, "")
    .trim()
    .replace(/\s*\n\s*/g, " ");
  const end = /[.?!)]$/.test(line) ? "" : ".";
  return `${line}${end} See ${root.name()}${isCommand ? ` ${first}` : ""} --help`;
}
