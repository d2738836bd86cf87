// bulk: creates a token for each user of a list. An interrupted run continues from its results file.
import { createMany } from "clerk-sign-in-tokens/bulk";

import { clientFromEnv } from "./client.js";
import { UsageError } from "./errors.js";
import { Input } from "./input.js";
import { CsvResults } from "./results/csv.js";
import { ResultsFile } from "./results/file.js";
import { Run } from "./run.js";
import { summarize } from "./summary.js";
import { describe, outcomeOf } from "./words.js";

/** Clerk's own default. */
const THIRTY_DAYS = 2_592_000;

/** The codes of a refusal that is about the user. After any other error the next run sends the request again. */
const USERS_FAULT = ["invalid_argument", "not_found", "rejected"];

/** The number of unusable rows that the terminal shows. */
const NAMED = 5;

/**
 * @typedef {import("clerk-sign-in-tokens").SignInTokensError} SignInTokensError
 * @typedef {import("../lists/users.js").Entry} Entry
 * @typedef {import("./results/states.js").State} State
 */

/**
 * @typedef {object} Options of the command
 * @property {string} output
 * @property {"ndjson" | "csv"} format
 * @property {number} concurrency
 * @property {number} [rateLimit]
 * @property {number} [expires] seconds
 * @property {boolean} [retryFailed]
 * @property {boolean} [retryUnknown]
 */

/**
 * Returns the exit code.
 *
 * @param {string} list
 * @param {Options} options
 * @param {import("./terminal.js").Terminal} terminal
 */
export async function bulk(list, options, terminal) {
  const { output, format, concurrency } = options;
  if (output === "-")
    throw new UsageError("--output must be a file: the next run continues from its contents");
  clientFromEnv(); // Checks the environment before anything else happens.
  const input = new Input(list);
  input.requireOther(output, `--output ${output}`);
  const csv = format === "csv" ? new CsvResults(output, input) : undefined;
  if (options.retryUnknown)
    terminal.warn(
      "--retry-unknown may create a second token for a user who has one that nobody holds.",
    );
  const results = ResultsFile.open(output, { inFlight: concurrency });
  try {
    const run = new BulkRun({ input, results, terminal, options });
    await run.run();
    // Before the CSV file: if that cannot be written, the users to look at are still named.
    const exitCode = run.finish();
    if (csv && !run.stopped) {
      await csv.write(results);
      terminal.note(`${csv.path}: the same as CSV`);
    }
    return exitCode;
  } finally {
    results.close();
    input.close();
  }
}

/** @typedef {{ userId: string, orgId: string | null, expiresInSeconds?: number }} Params */

class BulkRun {
  #input;
  #results;
  #terminal;
  #options;
  #run;
  #apiUrl = "";
  /** @type {number | undefined} */
  #total;
  #created = 0;
  #unusable = 0;
  /**
   * The users whose results have not come yet, with their states before the request.
   *
   * @type {Map<string, State>}
   */
  #begun = new Map();
  /** The number of rows that need nothing more. */
  #done = 0;

  /**
   * @param {object} parts
   * @param {Input} parts.input
   * @param {ResultsFile} parts.results
   * @param {import("./terminal.js").Terminal} parts.terminal
   * @param {Options} parts.options
   */
  constructor({ input, results, terminal, options }) {
    this.#input = input;
    this.#results = results;
    this.#terminal = terminal;
    this.#options = options;
    this.#run = new Run({ terminal, results });
  }

  get stopped() {
    return this.#run.stopped;
  }

  async run() {
    const { concurrency, rateLimit } = this.#options;
    const { tokens, apiUrl } = clientFromEnv(this.#run.clientOptions);
    const options = { concurrency, ...(rateLimit && { rateLimit }) };
    this.#apiUrl = apiUrl;
    if (this.#input.isRepeatable) this.#total = (await this.#input.survey()).rows;
    try {
      await this.#run.drive({
        apiUrl,
        start: (signal) => createMany(tokens, this.#inputs(signal), { ...options, signal }),
        take: (result) => this.#take(result),
        look: () => this.#look(),
        inFlight: () => this.#begun.size,
      });
    } finally {
      // Their requests were never sent.
      for (const [userId, before] of this.#begun)
        this.#results.record(userId, before === "none" ? "not_sent" : before);
    }
  }

  /** Prints the summary. Returns the exit code. */
  finish() {
    this.#results.sync();
    const isComplete = summarize({
      terminal: this.#terminal,
      results: this.#results,
      output: this.#options.output,
      created: this.#created,
      unusable: this.#unusable,
      stopped: this.stopped,
    });
    return this.#run.exitCode(isComplete);
  }

  /**
   * @param {AbortSignal} signal
   * @returns {AsyncGenerator<Params>}
   */
  async *#inputs(signal) {
    const { expires: expiresInSeconds } = this.#options;
    for await (const entry of this.#input.entries()) {
      if (signal.aborted) return;
      const { userId, orgId } = entry;
      if (userId === undefined || !this.#isWanted(entry.line, userId)) {
        if (entry.reason) this.#refuseRow(entry.line, entry.reason);
        this.#done++;
        continue;
      }
      const { states } = this.#results;
      this.#begun.set(userId, states.stateOf(states.indexOf(userId)));
      await this.#results.begin(userId);
      yield { userId, orgId, expiresInSeconds };
    }
  }

  /**
   * Returns whether the user of a row needs a token.
   *
   * @param {number} line
   * @param {string} userId
   */
  #isWanted(line, userId) {
    const { states } = this.#results;
    const index = states.indexOf(userId);
    if (!states.see(index)) {
      this.#refuseRow(line, "the same user as in an earlier row");
      return false;
    }
    const { retryUnknown, retryFailed } = this.#options;
    const state = states.stateOf(index);
    if (state === "unknown") return Boolean(retryUnknown);
    if (state === "failed") return Boolean(retryFailed);
    return state === "none" || state === "not_sent";
  }

  /**
   * @param {number} line
   * @param {string} reason
   */
  #refuseRow(line, reason) {
    this.#results.note(line, reason);
    this.#unusable++;
    if (this.#unusable <= NAMED) this.#terminal.warn(`line ${line}: ${reason}`);
    if (this.#unusable === NAMED + 1)
      this.#terminal.warn(`There are more such rows. ${this.#options.output} lists all of them.`);
  }

  /** @param {import("clerk-sign-in-tokens/bulk").ManyResult<Params>} result */
  #take({ input: { userId }, token, error }) {
    const before = this.#begun.get(userId);
    this.#done++;
    this.#begun.delete(userId);
    if (token) {
      this.#created++;
      this.#results.record(userId, "created", this.#fieldsOf(token));
    } else {
      this.#results.record(userId, stateAfter(error, before), {
        error: describe(error, this.#apiUrl),
        code: error.code,
        clerk_trace_id: error.clerkTraceId,
      });
    }
  }

  /** @param {import("clerk-sign-in-tokens").SignInToken} token */
  #fieldsOf({ id, token, url, createdAt }) {
    const lifetime = (this.#options.expires ?? THIRTY_DAYS) * 1000;
    return { token_id: id, token, url, created_at: createdAt, expires_at: createdAt + lifetime };
  }

  #look() {
    const { states } = this.#results;
    return {
      done: this.#done,
      total: this.#total,
      failed: states.count("failed"),
      unknown: states.count("unknown"),
    };
  }
}

/**
 * Returns the state of a user after a failed create. A user who was unknown before stays unknown.
 *
 * @param {SignInTokensError} error
 * @param {State | undefined} before
 * @returns {State}
 */
function stateAfter(error, before) {
  if (before === "unknown" || outcomeOf(error) !== "none") return "unknown";
  return USERS_FAULT.includes(error.code) || before === "failed" ? "failed" : "not_sent";
}
