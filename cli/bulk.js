// bulk: creates a token for each user of a list. An interrupted run continues from its results file.
import { existsSync } from "node:fs";

import { createMany } from "clerk-sign-in-tokens/bulk";

import { clientFromEnv } from "./client.js";
import { UsageError } from "./errors.js";
import { LIMITS, outcomeOf, THIRTY_DAYS } from "./facts.js";
import { Input } from "./input.js";
import { print } from "./output.js";
import { CsvResults } from "./results/csv.js";
import { ResultsFile } from "./results/file.js";
import { count, mayRun, Run } from "./run.js";
import { summarize } from "./summary.js";
import { sayNotices, Wanted } from "./wanted.js";

/** The codes of a refusal that is about the user. After any other error the next run sends the request again. */
const USERS_FAULT = ["not_found", "rejected"];

/**
 * @typedef {import("./results/records.js").State} State
 * @typedef {{ userId: string, orgId: string | null, expiresInSeconds?: number }} Params
 *
 * @typedef {object} Options of the command
 * @property {string} output
 * @property {"ndjson" | "csv"} format
 * @property {number} concurrency
 * @property {number} [rateLimit]
 * @property {number} [expires] seconds
 * @property {number} [limit]
 * @property {boolean} [retryFailed]
 * @property {boolean} [retryUnknown]
 * @property {boolean} [dryRun]
 * @property {boolean} [json]
 * @property {boolean} [yes]
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
  const total = input.isRepeatable ? await input.count() : undefined;
  if (total !== undefined) sayNotices(input, terminal);
  if (options.dryRun) return plan(input, options, terminal);
  const users =
    total === undefined
      ? "Create tokens"
      : `Create tokens for up to ${count(Math.min(total, options.limit ?? total), "user")}`;
  if (!(await mayRun(terminal, users, options.yes))) return 1;
  const results = ResultsFile.open(output, { inFlight: concurrency });
  try {
    if (!results.isPrivate)
      terminal.warn(`others may be able to read ${output}: its file system keeps no permissions`);
    const run = new BulkRun({ input, results, terminal, options, total });
    await run.run();
    // Before the CSV file: if that cannot be written, the users to look at are still named.
    const exitCode = await run.finish();
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

/**
 * Says what a run would do. Sends nothing, and writes nothing.
 *
 * @param {Input} input
 * @param {Options} options
 * @param {import("./terminal.js").Terminal} terminal
 */
async function plan(input, options, terminal) {
  const { output, rateLimit, json } = options;
  const results = existsSync(output) ? ResultsFile.look(output) : new ResultsFile(output);
  const wanted = new Wanted({ input, results, terminal, options });
  let requests = 0;
  for await (const _ of wanted.entries()) requests++;
  const { instance } = clientFromEnv();
  const { user, organization } = input.reader.columns;
  const limit = rateLimit ?? LIMITS[instance];
  const found = {
    ...wanted.counts,
    requests,
    user_column: input.reader.names[user],
    organization_column: input.reader.names[organization],
    instance,
    seconds: Math.ceil((10 * requests) / limit),
  };
  const columns = [
    `users in "${found.user_column}"`,
    organization >= 0 && `organizations in "${found.organization_column}"`,
  ];
  terminal.say(`${input.name}: ${wanted.texts.join(", ")}; ${columns.filter(Boolean).join(", ")}`);
  terminal.say(
    `${count(requests, "request")} to the ${instance} instance, at least ${count(found.seconds, "second")} at ` +
      `${count(limit, "request")} in 10 seconds. Nothing was sent.`,
  );
  if (json) await print(`${JSON.stringify(found, undefined, 2)}\n`);
  return wanted.counts.not_usable > 0 ? 1 : 0;
}

class BulkRun {
  #results;
  #terminal;
  #options;
  #run;
  #wanted;
  #total;
  #created = 0;
  /**
   * The users whose results have not come yet, with their organizations and their states before the request.
   *
   * @type {Map<string, { orgId: string | null, before: State | "none" }>}
   */
  #begun = new Map();
  /** The requests of this run that have to be sent again. */
  #notSent = 0;

  /**
   * @param {object} parts
   * @param {Input} parts.input
   * @param {ResultsFile} parts.results
   * @param {import("./terminal.js").Terminal} parts.terminal
   * @param {Options} parts.options
   * @param {number} [parts.total] the rows of the list
   */
  constructor({ input, results, terminal, options, total }) {
    this.#results = results;
    this.#terminal = terminal;
    this.#options = options;
    this.#total = total;
    this.#wanted = new Wanted({ input, results, terminal, options });
    this.#run = new Run({ terminal, failure: () => results.failure });
  }

  get stopped() {
    return this.#run.stopped;
  }

  async run() {
    const { concurrency, rateLimit } = this.#options;
    const inputs = this.#inputs();
    await this.#run.drive({
      options: { concurrency, ...(rateLimit && { rateLimit }) },
      start: (tokens, options) => createMany(tokens, inputs, options),
      take: (result, why) => this.#take(result, why),
      look: () => this.#look(),
      inFlight: () => this.#begun.size,
      lost: `they are "sending" in ${this.#options.output}, and unknown to the next run`,
    });
    // The run ended, so these were never sent.
    for (const [userId, { before }] of this.#begun)
      this.#results.record(userId, before === "none" ? "not_sent" : before);
  }

  /** Prints the summary. Returns the exit code. */
  async finish() {
    this.#results.sync();
    const isComplete = await summarize({
      terminal: this.#terminal,
      results: this.#results,
      path: this.#options.output,
      now: this.#created,
      wanted: this.#wanted,
      stopped: this.stopped,
      json: this.#options.json,
    });
    return this.#run.exitCode(isComplete);
  }

  /** @returns {AsyncGenerator<Params>} */
  async *#inputs() {
    const { expires: expiresInSeconds } = this.#options;
    for await (const { userId, orgId } of this.#wanted.entries()) {
      if (this.stopped) return;
      this.#begun.set(userId, { orgId, before: this.#results.userOf(userId).state });
      await this.#results.begin(userId);
      yield { userId, orgId, expiresInSeconds };
    }
  }

  /**
   * @param {import("clerk-sign-in-tokens/bulk").ManyResult<Params>} result
   * @param {string} why it failed
   */
  #take({ input: { userId, orgId }, token, error }, why) {
    const { before } = this.#begun.get(userId) ?? {};
    this.#begun.delete(userId);
    if (token) {
      this.#created++;
      const { id: token_id, token: ticket, url, createdAt: created_at } = token;
      const expires_at = created_at + (this.#options.expires ?? THIRTY_DAYS) * 1000;
      const org_id = orgId ?? undefined;
      const fields = { org_id, token_id, token: ticket, url, created_at, expires_at };
      this.#results.record(userId, "created", fields);
      return;
    }
    const state = stateAfter(error, before);
    if (state === "not_sent") this.#notSent++;
    const { code, clerkTraceId: clerk_trace_id } = error;
    this.#results.record(userId, state, { error: why, code, clerk_trace_id });
  }

  #look() {
    return {
      done: this.#wanted.read - this.#begun.size - this.#notSent,
      total: this.#total,
      failed: this.#results.count("failed"),
      unknown: this.#results.count("unknown"),
    };
  }
}

/**
 * Returns the state of a user after a failed create. A user who was unknown before stays unknown.
 *
 * @param {import("clerk-sign-in-tokens").SignInTokensError} error
 * @param {State | "none"} [before]
 * @returns {State}
 */
function stateAfter(error, before) {
  if (before === "unknown" || outcomeOf(error) !== "none") return "unknown";
  return USERS_FAULT.includes(error.code) || before === "failed" ? "failed" : "not_sent";
}
