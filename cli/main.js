#!/usr/bin/env node
// The command clerk-sign-in-tokens, in Node, Deno and Bun.
import { CommanderError } from "commander";

import { Failure, reasonOf } from "./errors.ts";
import { endOutput, watchOutput } from "./output.ts";
import { checkArguments, program, withHelp } from "./program.ts";
import { Terminal } from "./terminal.ts";

watchOutput();
// A run must not end because nobody reads its messages any more, such as in a closed terminal.
process.stderr.on("error", () => {});

const exitCode = await main(process.argv.slice(2));
const lost = await endOutput();
if (exitCode === 0 && lost) new Terminal().error(`standard output: ${reasonOf(lost)}`);
// Without this, the runtime may wait for the end of standard input.
process.exit(exitCode || (lost ? 1 : 0));

/**
 * Runs the command. Returns the exit code.
 * @param {string[]} args
 */
async function main(args) {
  const terminal = new Terminal();
  if (args.some((arg) => /sk_(live|test)_/.test(arg))) {
    const message =
      "The secret key belongs in CLERK_SECRET_KEY, never on the command line, which others can read.";
    terminal.error(withHelp(message));
    return 2;
  }
  let exitCode = 0;
  try {
    const done = (/** @type {number} */ code) => {
      exitCode = code;
    };
    const root = program(done);
    checkArguments(root, args);
    await root.parseAsync(args, { from: "user" });
  } catch (error) {
    // Commander has printed the message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Failure)) throw error;
    const usesHelp = error.exitCode === 2;
    terminal.error(usesHelp ? withHelp(error.message, name(args)) : error.message);
    return error.exitCode;
  }
  return exitCode;
}

/** @param {string[]} args */
function name([command]) {
  return command === "help" ? "clerk-sign-in-tokens" : `clerk-sign-in-tokens ${command}`;
}
