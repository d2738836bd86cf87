// revoke: revokes some tokens, or all tokens of a run. A token that is not pending any more counts as revoked.
import { createReadStream } from "node:fs";

import { revokeMany } from "clerk-sign-in-tokens/bulk";

import { ListReader, users } from "../lists/index.js";
import { clientFromEnv } from "./client.js";
import { fileFailure, UsageError } from "./errors.js";
import { isNotPending } from "./facts.js";
import { print } from "./output.js";
import { headerOf } from "./results/csv.js";
import { ResultsFile } from "./results/file.js";
import { count, mayRun, Run } from "./run.js";
import { nameFirst, printJson, reportFailure } from "./summary.js";
import { WHERE_TO_LOOK } from "./words.js";

const NOT_PENDING = "not pending: it was used, revoked or expired before";

/** The number of failures that the terminal shows. */
const NAMED = 5;

/**
 * @typedef {import("./terminal.js").Terminal} Terminal
 * @typedef {{ id: string, userId?: string }} Token
 * @typedef {{ from?: string, concurrency: number, rateLimit?: number, json?: boolean, yes?: boolean }} Options
 */

/**
 * Returns the exit code.
 *
 * @param {string[]} ids
 * @param {Options} options
 * @param {Terminal} terminal
 */
export async function revoke(ids, options, terminal) {
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
  return headerOf(from)?.includes("token_id")
    ? revokeCsv(from, options, terminal)
    : revokeResults(from, options, terminal);
}

/**
 * @param {string[]} ids
 * @param {Options} options
 * @param {Terminal} terminal
 */
async function revokeThese(ids, options, terminal) {
  const run = new RevokeRun(terminal, options);
  run.onRevoked = ({ id }, how) => print(`${id} ${how}\n`);
  run.onFailed = ({ id }, why) => terminal.error(`${id}: ${why}`);
  await run.run(ids.map((id) => ({ id })));
  return run.exitCode(run.revoked === ids.length);
}

/**
 * Revokes the tokens in a CSV file, which the command or the admin page wrote.
 *
 * @param {string} path
 * @param {Options} options
 * @param {Terminal} terminal
 */
async function revokeCsv(path, options, terminal) {
  let [total, unknown] = [0, 0];
  async function* tokens() {
    const reader = new ListReader();
    try {
      for await (const { cells } of users(createReadStream(path), reader)) {
        const of = (/** @type {string} */ name) => String(cells[reader.names.lastIndexOf(name)]);
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

/**
 * Revokes the tokens in a results file, and records that.
 *
 * @param {string} path
 * @param {Options} options
 * @param {Terminal} terminal
 */
async function revokeResults(path, options, terminal) {
  const results = ResultsFile.open(path, { inFlight: options.concurrency, isRevoke: true });
  function* tokens() {
    for (const { user_id = "", token_id = "" } of results.recordsIn("created"))
      yield { id: token_id, userId: user_id };
  }
  try {
    const [total, before] = [results.count("created"), results.count("revoked")];
    const run = new RevokeRun(terminal, options);
    run.onRevoked = ({ id, userId = "" }, how) =>
      results.record(userId, "revoked", {
        token_id: id,
        ...(how === NOT_PENDING && { error: how }),
      });
    await run.run(tokens(), () => ({ done: run.done, total, failed: run.failed }));
    results.sync();
    const [revoked, left] = [before + run.revoked, total - run.revoked];
    return await run.finish({ path, revoked, left, unknown: results.count("unknown"), results });
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
  /**
   * The tokens in flight, by their IDs.
   *
   * @type {Map<string, Token>}
   */
  #tokens = new Map();

  /**
   * @param {Terminal} terminal
   * @param {Options} options
   */
  constructor(terminal, options) {
    this.#terminal = terminal;
    this.#options = options;
    // A run goes on when its results cannot be recorded: revoking a token again does no harm.
    this.#run = new Run({ terminal, failure: () => undefined });
  }

  get done() {
    return this.revoked + this.failed;
  }

  /** @type {(token: Token, how: string) => void} */
  onRevoked = () => {};

  /** @type {(token: Token, why: string) => void} */
  onFailed = ({ id, userId }, why) => {
    if (this.failed <= NAMED) this.#terminal.warn(`${userId}, ${id}: ${why}`);
  };

  /**
   * @param {AsyncIterable<Token> | Iterable<Token>} tokens
   * @param {() => import("./progress.js").State} [look]
   */
  async run(tokens, look) {
    const { concurrency, rateLimit } = this.#options;
    const ids = this.#ids(tokens);
    await this.#run.drive({
      options: { concurrency, ...(rateLimit && { rateLimit }) },
      start: (client, options) => revokeMany(client, ids, options),
      take: ({ input, error }, why) =>
        this.#take(this.#tokens.get(input) ?? { id: input }, error, why),
      look,
      inFlight: () => this.#tokens.size,
      lost: "the same command revokes those tokens again",
    });
  }

  /** @param {AsyncIterable<Token> | Iterable<Token>} tokens */
  async *#ids(tokens) {
    for await (const token of tokens) {
      this.#tokens.set(token.id, token);
      yield token.id;
    }
  }

  /**
   * @param {Token} token
   * @param {import("clerk-sign-in-tokens").SignInTokensError | undefined} error
   * @param {string} why
   */
  #take(token, error, why) {
    this.#tokens.delete(token.id);
    if (!error || isNotPending(error)) {
      this.revoked++;
      this.onRevoked(token, error?.outcome === "none" ? NOT_PENDING : "revoked");
      return;
    }
    this.failed++;
    if (error.code !== "unauthorized") this.onFailed(token, why);
  }

  /** @param {boolean} isComplete */
  exitCode(isComplete) {
    return this.#run.exitCode(isComplete);
  }

  /**
   * Prints the summary. Returns the exit code.
   *
   * @param {{ path: string, revoked: number, left: number, unknown: number, results?: ResultsFile }} summary
   */
  async finish({ path, revoked, left, unknown, results }) {
    const terminal = this.#terminal;
    const isComplete = left === 0 && unknown === 0;
    const counts = { revoked, now: this.revoked, not_revoked: left, unknown, complete: isComplete };
    if (this.#options.json) await printJson({ path, results }, counts);
    terminal[isComplete ? "note" : "say"](
      `${path}: ${count(revoked, "token")} revoked (${this.revoked.toLocaleString("en-US")} now), ` +
        `${left.toLocaleString("en-US")} not revoked`,
    );
    if (results) nameFirst(terminal, results, "unknown");
    if (unknown > 0)
      terminal.say(
        `  If these users have tokens, the tokens are not in the file. ${WHERE_TO_LOOK}`,
      );
    if (results) reportFailure(terminal, results, false);
    if (left > 0) terminal.say("Run the same command again to revoke the rest.");
    return this.exitCode(isComplete && !results?.failure);
  }
}
