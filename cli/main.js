#!/usr/bin/env node
// The command clerk-sign-in-tokens, in Node, Deno and Bun.
import { CommanderError } from "commander";

import { Failure } from "./failure.js";
import { program, withHelp } from "./program.js";
import { Terminal } from "./terminal.js";

const exitCode = await main(process.argv.slice(2));
// Not left to the runtime, which may wait for a standard input that nobody reads any more.
process.stdout.write("", () => process.exit(exitCode));

async function main(args) {
  const terminal = new Terminal();
  if (args.some((arg) => /sk_(live|test)_/.test(arg))) {
    const message =
      "The secret key goes into CLERK_SECRET_KEY, never on the command line: others can read that.";
    terminal.error(withHelp(message));
    return 2;
  }
  let exitCode = 0;
  try {
    await program((code) => (exitCode = code)).parseAsync(args, { from: "user" });
  } catch (error) {
    // Commander has said it.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Failure)) throw error;
    const usesHelp = error.exitCode === 2;
    terminal.error(usesHelp ? withHelp(error.message, name(args)) : error.message);
    return error.exitCode;
  }
  return exitCode;
}

function name([command]) {
  return `clerk-sign-in-tokens ${command}`;
}
