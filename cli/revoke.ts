// revoke: revokes some tokens, or all tokens of a run. One that is not pending any more counts.
import { createReadStream } from "node:fs";

import type { SignInTokensError } from "clerk-sign-in-tokens";
import { revokeMany } from "clerk-sign-in-tokens/bulk";

import { ListReader, users } from "../lists/index.ts";
import { clientFromEnv } from "./client.ts";
import { fileFailure, UsageError } from "./errors.ts";
import { print, printJson } from "./output.ts";
import type { State } from "./progress.ts";
import { headerOf } from "./results/csv.ts";
import { ResultsFile } from "./results/file.ts";
import { count, mayRun, Run } from "./run.ts";
import { nameFirst, reportFailure } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import { WHERE_TO_LOOK } from "./words.ts";

const NOT_PENDING = "not pending: it was used, revoked or expired before";

/** The number of failures that the terminal shows. */
const NAMED = 5;

type Token = { id: string; userId?: string };
type Pacing = { concurrency: number; rateLimit?: number };
type Options = Pacing & { from?: string; json?: boolean; yes?: boolean };
type Counts = { path: string; revoked: number; left: number; unknown: number };

/** Returns the exit code. */
export async function revoke(ids: string[], options: Options, terminal: Terminal) {
  const { from } = options;
  if (from === undefined && ids.length === 0)
    throw new UsageError("revoke needs token IDs, or --from and a results file");
  if (from !== undefined && ids.length > 0)
    throw new UsageError("revoke takes token IDs or --from, not both");
  if (ids.some((id) => !/^\w+$/.test(id)))
    throw new UsageError(
      "this is not a token ID: token IDs begin with sit_. Never put a token or its link on a command line",
    );
  clientFromEnv();
  if (from === undefined) return revokeThese(ids, options, terminal);
  if (!(await mayRun(terminal, `Revoke the tokens in ${from}`, options.yes))) return 1;
  const isCsv = headerOf(from)?.includes("token_id");
  return (isCsv ? revokeCsv : revokeResults)(from, options, terminal);
}

async function revokeThese(ids: string[], options: Options, terminal: Terminal) {
  const run = new RevokeRun(terminal, options);
  run.onRevoked = ({ id }, how) => print(`${id} ${how}\n`);
  run.onFailed = ({ id }, why) => terminal.error(`${id}: ${why}`);
  await run.run(ids.map((id) => ({ id })));
  return run.exitCode(run.revoked === ids.length);
}

/** Revokes the tokens in a CSV file, which the command or the admin page wrote. */
async function revokeCsv(path: string, options: Options, terminal: Terminal) {
  let [total, unknown] = [0, 0];
  async function* tokens() {
    const reader = new ListReader();
    try {
      for await (const { cells } of users(createReadStream(path), reader)) {
        const of = (name: string) => String(cells[reader.names.lastIndexOf(name)]);
        if (of("state") === "unknown") unknown++;
        if (of("state") !== "created") continue;
        total++;
        yield { id: of("token_id"), userId: of("user_id") };
      }
    } catch (error) {
      throw fileFailure(error, path);
    }
  }
  const run = new RevokeRun(terminal, options);
  await run.run(tokens(), () => ({ done: run.done, failed: run.failed }));
  return run.finish({ path, revoked: run.revoked, left: total - run.revoked, unknown });
}

/** Revokes the tokens in a results file, and records that. */
async function revokeResults(path: string, options: Options, terminal: Terminal) {
  const results = ResultsFile.open(path, options.concurrency, true);
  function* tokens() {
    for (const { user_id = "", token_id = "" } of results.recordsIn("created"))
      yield { id: token_id, userId: user_id };
  }
  try {
    const [total, before] = [results.count("created"), results.count("revoked")];
    const run = new RevokeRun(terminal, options);
    run.onRevoked = ({ id: token_id, userId = "" }, how) =>
      results.record(userId, "revoked", { token_id, ...(how === NOT_PENDING && { error: how }) });
    await run.run(tokens(), () => ({ done: run.done, total, failed: run.failed }));
    results.sync();
    const [revoked, left] = [before + run.revoked, total - run.revoked];
    const unknown = results.count("unknown");
    return await run.finish({ path, revoked, left, unknown }, results);
  } finally {
    results.close();
  }
}

class RevokeRun {
  revoked = 0;
  failed = 0;
  #terminal;
  #options;
  #run;
  /** The tokens in flight, by their IDs. */
  #tokens = new Map<string, Token>();

  constructor(terminal: Terminal, options: Options) {
    this.#terminal = terminal;
    this.#options = options;
    // It continues when its results cannot be recorded: revoking a token again does no harm.
    this.#run = new Run(terminal, () => undefined);
  }

  get done() {
    return this.revoked + this.failed;
  }

  onRevoked: (token: Token, how: string) => unknown = () => {};

  onFailed = ({ id, userId }: Token, why: string) => {
    if (this.failed <= NAMED) this.#terminal.warn(`${userId}, ${id}: ${why}`);
  };

  exitCode(isComplete: boolean) {
    return this.#run.exitCode(isComplete);
  }

  async run(tokens: AsyncIterable<Token> | Iterable<Token>, look?: () => State) {
    const ids = this.#ids(tokens);
    await this.#run.drive({
      options: this.#options,
      start: (client, options) => revokeMany(client, ids, options),
      take: ({ input, error }, why) => this.#take(input, error, why),
      look,
      inFlight: () => this.#tokens.size,
      lost: "the same command revokes those tokens again",
    });
  }

  async *#ids(tokens: AsyncIterable<Token> | Iterable<Token>) {
    for await (const token of tokens) {
      this.#tokens.set(token.id, token);
      yield token.id;
    }
  }

  #take(id: string, error: SignInTokensError | undefined, why: string) {
    const token = this.#tokens.get(id) ?? { id };
    this.#tokens.delete(id);
    if (!error || error.code === "not_pending") {
      this.revoked++;
      this.onRevoked(token, error?.outcome === "none" ? NOT_PENDING : "revoked");
      return;
    }
    this.failed++;
    if (error.code !== "unauthorized") this.onFailed(token, why);
  }

  /** Prints the summary. Returns the exit code. */
  async finish({ path, revoked, left, unknown }: Counts, results?: ResultsFile) {
    const terminal = this.#terminal;
    const [now, error] = [this.revoked, results?.failure?.message];
    const complete = left === 0 && unknown === 0;
    const counts = { results: path, revoked, now, not_revoked: left, unknown, complete, error };
    if (this.#options.json) await printJson(counts);
    terminal[complete ? "note" : "say"](
      `${path}: ${count(revoked, "token")} revoked (${now.toLocaleString("en-US")} now), ` +
        `${left.toLocaleString("en-US")} not revoked`,
    );
    if (results) nameFirst(terminal, results, "unknown");
    if (unknown > 0)
      terminal.say(`  If these users have tokens, they are not in the file. ${WHERE_TO_LOOK}`);
    if (results) reportFailure(terminal, results, false);
    if (left > 0) terminal.say("Run the same command again to revoke the rest.");
    return this.exitCode(complete && !error);
  }
}
