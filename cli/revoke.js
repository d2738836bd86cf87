// revoke: revokes some tokens, or all tokens of a results file. A token that is not pending any more counts as revoked.
import { revokeMany } from "clerk-sign-in-tokens/bulk";

import { clientFromEnv } from "./client.js";
import { UsageError } from "./errors.js";
import { print } from "./output.js";
import { ResultsFile } from "./results/file.js";
import { count, Run } from "./run.js";
import { nameFirst, reportFailure } from "./summary.js";
import { describe, WHERE_TO_LOOK } from "./words.js";

const NOT_PENDING = "not pending: it was used, revoked or expired before";

/** The number of failures that the terminal shows. */
const NAMED = 5;

/**
 * @typedef {import("clerk-sign-in-tokens").SignInTokensError} SignInTokensError
 * @typedef {import("./terminal.js").Terminal} Terminal
 */

/**
 * Returns the exit code.
 *
 * @param {string[]} ids
 * @param {{ from?: string, concurrency: number, rateLimit?: number }} options
 * @param {Terminal} terminal
 */
export async function revoke(ids, { from, concurrency, rateLimit }, terminal) {
  if (from === undefined && ids.length === 0)
    throw new UsageError("revoke needs token IDs, or --from and a results file");
  if (from !== undefined && ids.length > 0)
    throw new UsageError("revoke takes token IDs or --from, not both");
  if (ids.some((id) => !/^\w+$/.test(id)))
    throw new UsageError(
      "this is not a token ID: token IDs begin with sit_. Never put a token or its link on a command line",
    );
  clientFromEnv();
  if (from === undefined) return revokeThese(ids, terminal);
  const results = ResultsFile.open(from, { inFlight: concurrency, mustExist: true });
  try {
    const run = new RevokeRun(results, terminal, from);
    await run.run({ concurrency, ...(rateLimit && { rateLimit }) });
    return run.finish();
  } finally {
    results.close();
  }
}

/**
 * @param {string[]} ids
 * @param {Terminal} terminal
 */
async function revokeThese(ids, terminal) {
  const { tokens, apiUrl } = clientFromEnv();
  let exitCode = 0;
  for (const id of ids) {
    try {
      await print(`${id} ${(await tokens.revoke(id)).status}\n`);
    } catch (thrown) {
      const error = /** @type {SignInTokensError} */ (thrown);
      if (isNotPending(error)) {
        await print(`${id} ${error.outcome === "unknown" ? "revoked" : NOT_PENDING}\n`);
        continue;
      }
      exitCode = 1;
      terminal.error(`${id}: ${describe(error, apiUrl)}`);
      if (error.code === "unauthorized") break;
    }
  }
  return exitCode;
}

class RevokeRun {
  #results;
  #terminal;
  #run;
  #path;
  #apiUrl = "";
  #total;
  #revoked = 0;
  #failed = 0;
  /**
   * The users of the tokens in flight, by the tokens' IDs.
   *
   * @type {Map<string, string>}
   */
  #users = new Map();

  /**
   * @param {ResultsFile} results
   * @param {Terminal} terminal
   * @param {string} path
   */
  constructor(results, terminal, path) {
    this.#results = results;
    this.#terminal = terminal;
    this.#path = path;
    this.#run = new Run({ terminal, results });
    this.#total = results.states.count("created");
  }

  /** @param {import("clerk-sign-in-tokens/bulk").ManyOptions} options */
  async run(options) {
    const { tokens, apiUrl } = clientFromEnv(this.#run.clientOptions);
    this.#apiUrl = apiUrl;
    await this.#run.drive({
      apiUrl,
      start: (signal) => revokeMany(tokens, this.#ids(), { ...options, signal }),
      take: (result) => this.#take(result),
      look: () => ({
        done: this.#revoked + this.#failed,
        total: this.#total,
        failed: this.#failed,
      }),
      inFlight: () => this.#users.size,
    });
  }

  /** Prints the summary. Returns the exit code. */
  finish() {
    this.#results.sync();
    const { states, failure } = this.#results;
    const unknown = states.count("unknown");
    const left = states.count("created");
    const isComplete = left === 0 && unknown === 0;
    this.#terminal[isComplete ? "note" : "say"](
      `${this.#path}: ${count(states.count("revoked"), "token")} revoked (${this.#revoked.toLocaleString("en-US")} now), ` +
        `${left.toLocaleString("en-US")} not revoked`,
    );
    nameFirst({ terminal: this.#terminal, results: this.#results, state: "unknown" });
    if (unknown > 0)
      this.#terminal.say(
        `  If these users have tokens, the tokens are not in the file. ${WHERE_TO_LOOK}`,
      );
    if (failure) reportFailure(this.#terminal, failure, this.#run.stopped);
    if (left > 0) this.#terminal.say("Run the same command again to revoke the rest.");
    return this.#run.exitCode(isComplete);
  }

  *#ids() {
    for (const { user_id = "", token_id = "" } of this.#results.recordsIn("created")) {
      this.#users.set(token_id, user_id);
      yield token_id;
    }
  }

  /** @param {import("clerk-sign-in-tokens/bulk").ManyResult<string>} result */
  #take({ input: id, token, error }) {
    const user = this.#users.get(id) ?? "";
    this.#users.delete(id);
    if (token || isNotPending(error)) {
      this.#revoked++;
      this.#results.record(user, "revoked", {
        token_id: id,
        ...(error?.outcome === "none" && { error: NOT_PENDING }),
      });
      return;
    }
    this.#failed++;
    if (this.#failed <= NAMED && error.code !== "unauthorized")
      this.#terminal.warn(`${user}, ${id}: ${describe(error, this.#apiUrl)}`);
  }
}

/**
 * Returns whether the token cannot sign anybody in any more. Only Clerk's own errors say so: a proxy's 400 does not. With an
 * unknown outcome, an earlier request revoked it, whose answer was lost.
 *
 * @param {SignInTokensError} error
 */
function isNotPending({ code, status, errors }) {
  return code === "rejected" && status === 400 && errors.length > 0;
}
