// bulk: a token for each user of a list, into a file from which an interrupted run goes on.
import { createMany } from "clerk-sign-in-tokens/bulk";

import { clientFromEnv } from "./client.js";
import { UsageError } from "./failure.js";
import { Input } from "./input.js";
import { CsvResults } from "./results/csv.js";
import { ResultsFile } from "./results/file.js";
import { Run } from "./run.js";
import { summarize } from "./summary.js";
import { describe, outcomeOf } from "./words.js";

/** Clerk's own default. */
const THIRTY_DAYS = 2_592_000;

/** The rows of no use that are named at the terminal. */
const NAMED = 5;

/** Returns the exit code. */
export async function bulk(list, options, terminal) {
  const { output, format, concurrency } = options;
  if (output === "-")
    throw new UsageError("--output has to be a file: a run goes on from what is in it");
  clientFromEnv(); // Says what is missing before anything else happens.
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
    if (csv && !run.stopped) await csv.write(results);
    return run.finish(csv?.path);
  } finally {
    results.close();
    input.close();
  }
}

class BulkRun {
  #input;
  #results;
  #terminal;
  #options;
  #run;
  #apiUrl;
  #total;
  #created = 0;
  #unusable = 0;
  /** The users whose requests were begun, and whose results have not come, with what they were before. */
  #begun = new Map();
  /** The rows that are done with but for their results. */
  #done = 0;

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
    if (this.#input.isRepeatable) this.#total = await this.#input.count();
    try {
      await this.#run.drive({
        apiUrl,
        start: (signal) => createMany(tokens, this.#inputs(signal), { ...options, signal }),
        take: (result) => this.#take(result),
        look: () => this.#look(),
        inFlight: () => this.#begun.size,
      });
    } finally {
      // Begun, and then never sent.
      for (const [userId, before] of this.#begun)
        this.#results.record(userId, before === "none" ? "not_sent" : before);
    }
  }

  /** Says how it went; returns the exit code. */
  finish(csvPath) {
    const isComplete = summarize({
      terminal: this.#terminal,
      results: this.#results,
      output: this.#options.output,
      created: this.#created,
      unusable: this.#unusable,
      stopped: this.stopped,
      csvPath,
    });
    return this.#run.exitCode(isComplete);
  }

  async *#inputs(signal) {
    const { expires: expiresInSeconds } = this.#options;
    for await (const entry of this.#input.entries()) {
      if (signal.aborted) return;
      if (!this.#isWanted(entry)) {
        this.#done++;
        continue;
      }
      const { userId, orgId } = entry;
      const { states } = this.#results;
      this.#begun.set(userId, states.stateOf(states.indexOf(userId)));
      await this.#results.begin(userId);
      yield { userId, orgId, expiresInSeconds };
    }
  }

  /** Whether a token is to be created for this row. */
  #isWanted({ line, userId, reason }) {
    const { states } = this.#results;
    const index = reason ? undefined : states.indexOf(userId);
    if (!reason && !states.see(index)) reason = "the same user as in an earlier row";
    if (reason) {
      this.#refuseRow(line, reason);
      return false;
    }
    const { retryUnknown, retryFailed } = this.#options;
    const state = states.stateOf(index);
    if (state === "unknown") return Boolean(retryUnknown);
    if (state === "failed") return Boolean(retryFailed);
    return state === "none" || state === "not_sent";
  }

  #refuseRow(line, reason) {
    this.#results.note(line, reason);
    this.#unusable++;
    if (this.#unusable <= NAMED) this.#terminal.warn(`line ${line}: ${reason}`);
    if (this.#unusable === NAMED + 1)
      this.#terminal.warn(`There are more such rows: ${this.#options.output} names them all.`);
  }

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

/** What a failed create means for its user. Whoever may have had a token before still may. */
function stateAfter(error, before) {
  if (before === "unknown" || outcomeOf(error) === "unknown") return "unknown";
  const isUsersFault = !["unauthorized", "network"].includes(error.code);
  return isUsersFault || before === "failed" ? "failed" : "not_sent";
}
