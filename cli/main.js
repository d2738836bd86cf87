#!/usr/bin/env node
// The command clerk-sign-in-tokens, in Node, Deno and Bun.
import { CommanderError } from "commander";

import { Failure } from "./errors.js";
import { program, withHelp } from "./program.js";
import { Terminal } from "./terminal.js";

const exitCode = await main(process.argv.slice(2));
// Without this, the runtime may wait for the end of standard input.
process.stdout.write("", () => process.exit(exitCode));

/**
 * Runs the command. Returns the exit code.
 *
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
    await program(done).parseAsync(args, { from: "user" });
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
  return `clerk-sign-in-tokens ${command}`;
}
