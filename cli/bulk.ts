// bulk: creates a token for each user of a list. A run continues from its results file.
import { existsSync } from "node:fs";

import type { SignInToken, SignInTokensError } from "clerk-sign-in-tokens";
import { createMany, type ManyResult } from "clerk-sign-in-tokens/bulk";

import { clientFromEnv } from "./client.ts";
import { UsageError } from "./errors.ts";
import { Input } from "./input.ts";
import { printJson } from "./output.ts";
import { CsvResults } from "./results/csv.ts";
import { ResultsFile } from "./results/file.ts";
import type { State } from "./results/records.ts";
import { Results } from "./results/results.ts";
import { mayRun, Run, type RunOptions } from "./run.ts";
import { summarize } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import { Wanted } from "./wanted.ts";
import { count } from "./words.ts";

/** Clerk's limits, in requests in 10 seconds. The library has them, but does not tell them. */
const LIMITS = { production: 1000, development: 100 };

/** The codes of a refusal that is about the user. After others the next run tries again. */
const USERS_FAULT = ["not_found", "rejected"];

interface Options extends RunOptions {
  output: string;
  format: "ndjson" | "csv";
  /** Seconds. */
  expires: number;
  limit?: number;
  retryFailed?: boolean;
  retryUnknown?: boolean;
  dryRun?: boolean;
}

type Params = { userId: string; orgId: string | null; expiresInSeconds: number };

export async function bulk(list: string, options: Options, terminal: Terminal) {
  const { output, format, concurrency, limit = Infinity } = options;
  if (output === "-")
    throw new UsageError("--output must be a file: the next run continues from its contents");
  clientFromEnv(); // Checks the environment before anything else happens.
  const input = new Input(list);
  input.requireOther(output, `--output ${output}`);
  const csv = format === "csv" ? new CsvResults(output, input) : undefined;
  if (options.retryUnknown)
    terminal.warn("--retry-unknown may create a second token for a user who has one.");
  const total = input.isRepeatable ? await input.count() : undefined;
  if (total !== undefined) input.sayNotices(terminal);
  if (options.dryRun) return plan(input, options, terminal);
  const most = total === undefined ? "" : ` for up to ${count(Math.min(total, limit), "user")}`;
  if (!(await mayRun(terminal, `Create tokens${most}`, options.yes))) return 1;
  const results = ResultsFile.open(output, concurrency);
  if (!results.isPrivate)
    terminal.warn(`others may be able to read ${output}: its file system keeps no permissions`);
  try {
    const wanted = new Wanted({ input, results, terminal, options });
    const { run, now } = await createAll(terminal, { results, wanted, options, total });
    const { stopped } = run;
    const summary = { terminal, results, path: output, now, wanted, stopped, json: options.json };
    // Before the CSV file: if that cannot be written, the users to look at are still named.
    const exitCode = run.exitCode(await summarize(summary));
    if (csv && !stopped) {
      await csv.write(results);
      terminal.note(`${csv.path}: the same as CSV`);
    }
    return exitCode;
  } finally {
    results.close();
    input.close();
  }
}

/** Says what a run would do. Sends nothing, and writes nothing. */
async function plan(input: Input, options: Options, terminal: Terminal) {
  const { output, rateLimit } = options;
  const results = existsSync(output) ? Results.look(output) : new Results(output);
  const wanted = new Wanted({ input, results, terminal, options });
  let requests = 0;
  for await (const _ of wanted.entries()) requests++;
  const { names, columns } = input.reader;
  const { instance } = clientFromEnv();
  const limit = rateLimit ?? LIMITS[instance];
  const seconds = Math.ceil((10 * requests) / limit);
  const [user, organization] = [names[columns.user], names[columns.organization]];
  const { expired } = results;
  const rows = [count(wanted.counts.users, "user"), ...wanted.texts];
  if (expired > 0) rows.push(`${count(expired, "token")} expired`);
  const where = `users in "${user}"${organization ? `, organizations in "${organization}"` : ""}`;
  terminal.say(`${input.name}: ${rows.join(", ")}; ${where}`);
  terminal.say(
    `${count(requests, "request")} to the ${instance} instance, at least ` +
      `${count(seconds, "second")} at ${count(limit, "request")} in 10 seconds. Nothing was sent.`,
  );
  const taken = { user_column: user, organization_column: organization, expired };
  if (options.json) await printJson({ ...wanted.counts, requests, ...taken, instance, seconds });
  return wanted.counts.not_usable > 0 ? 1 : 0;
}

/** The `total` is the number of the list's rows. */
type Parts = { results: ResultsFile; wanted: Wanted; options: Options; total?: number };

/** Creates the tokens, and records what became of each user. */
async function createAll(terminal: Terminal, { results, wanted, options, total }: Parts) {
  const run = new Run(terminal, results);
  /** The users whose results have not come yet, with their states before the request. */
  const inFlight = new Map<string, State | "none">();
  let now = 0;
  /** The requests of this run that have to be sent again. */
  let notSent = 0;
  async function* inputs(): AsyncGenerator<Params> {
    for await (const { userId, orgId } of wanted.entries()) {
      if (run.stopped) return;
      inFlight.set(userId, results.userOf(userId).state);
      await results.begin(userId);
      yield { userId, orgId, expiresInSeconds: options.expires };
    }
  }
  const take = ({ input, token, error }: ManyResult<Params>, why: string) => {
    const { userId } = input;
    const before = inFlight.get(userId);
    inFlight.delete(userId);
    if (token) {
      now++;
      return results.record(userId, "created", recordOf(token, input));
    }
    const state = stateAfter(error, before);
    if (state === "not_sent") notSent++;
    const { code, clerkTraceId: clerk_trace_id } = error;
    return results.record(userId, state, { error: why, code, clerk_trace_id });
  };
  const look = () => ({
    done: wanted.read - inFlight.size - notSent,
    total,
    failed: results.count("failed"),
    unknown: results.count("unknown"),
  });
  const lost = `they are "sending" in ${options.output}, and unknown to the next run`;
  await run.drive({ many: createMany, inputs: inputs(), inFlight, options, take, look, lost });
  // The run ended, so these were never sent.
  for (const [userId, before] of inFlight)
    results.record(userId, before === "none" ? "not_sent" : before);
  results.sync();
  return { run, now };
}

function recordOf(
  { id: token_id, token, url, createdAt: created_at }: SignInToken,
  { orgId, expiresInSeconds }: Params,
) {
  const expires_at = created_at + expiresInSeconds * 1000;
  return { org_id: orgId ?? undefined, token_id, token, url, created_at, expires_at };
}

/** Returns the state after a failed create. A user who was unknown before stays unknown. */
function stateAfter(error: SignInTokensError, before?: State | "none"): State {
  if (before === "unknown" || error.outcome !== "none") return "unknown";
  return USERS_FAULT.includes(error.code) || before === "failed" ? "failed" : "not_sent";
}
