// revoke: revokes some tokens, or all tokens of a run. One that is not pending any more counts.
import { createReadStream } from "node:fs";

import { type ManyResult, revokeMany } from "clerk-sign-in-tokens/bulk";

import { ListReader, users } from "../lists/index.ts";
import { clientFromEnv } from "./client.ts";
import { UsageError } from "./errors.ts";
import { print, printJson } from "./output.ts";
import { headerOf } from "./results/csv.ts";
import { ResultsFile } from "./results/file.ts";
import type { Results } from "./results/results.ts";
import { mayRun, Run, type RunOptions } from "./run.ts";
import { nameFirst, reportFailure } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import { count, number, WHERE_TO_LOOK } from "./words.ts";

const NOT_PENDING = "not pending: it was used, revoked or expired before";

/** The number of failures that the terminal shows. */
const NAMED = 5;

type Token = { id: string; userId?: string };
type Options = RunOptions & { from?: string };

/** The tokens to revoke, and what to do with each of them. */
interface Job {
  tokens: AsyncIterable<Token> | Iterable<Token>;
  total?: number;
  onRevoked?: (token: Token, how: string) => unknown;
}

/** The tokens of a file that were revoked before and now, those left, and the unknown users. */
type Counts = { before: number; now: number; left: number; unknown: number };

export async function revoke(ids: string[], options: Options, terminal: Terminal) {
  const { from } = options;
  if (from === undefined && ids.length === 0)
    throw new UsageError("revoke needs token IDs, or --from and a results file");
  if (from !== undefined && ids.length > 0)
    throw new UsageError("revoke takes token IDs or --from, not both");
  if (ids.some((id) => !/^\w+$/.test(id)))
    throw new UsageError(
      "this is not a token ID: those begin with sit_. No token or link belongs on a command line",
    );
  clientFromEnv();
  if (from === undefined) return revokeThese(ids, options, terminal);
  if (!(await mayRun(terminal, `Revoke the tokens in ${from}`, options.yes))) return 1;
  const isCsv = headerOf(from)?.includes("token_id");
  return (isCsv ? revokeCsv : revokeResults)(from, options, terminal);
}

async function revokeThese(ids: string[], options: Options, terminal: Terminal) {
  const { run, now } = await revokeAll(terminal, options, {
    tokens: ids.map((id) => ({ id })),
    onRevoked: ({ id }, how) => print(`${id} ${how}\n`),
  });
  return run.exitCode(now === ids.length);
}

/** Revokes the tokens in a CSV file, which the command or the admin page wrote. */
async function revokeCsv(path: string, options: Options, terminal: Terminal) {
  let [total, unknown] = [0, 0];
  async function* tokens() {
    const reader = new ListReader();
    for await (const { line, cells, reason } of users(createReadStream(path), reader)) {
      const of = (name: string) => String(cells[reader.names.lastIndexOf(name)]);
      const isUnreadable = cells.length === 0;
      if (isUnreadable) terminal.warn(`line ${line}: ${reason}`);
      if (isUnreadable || of("state") === "created") total++;
      if (of("state") === "unknown") unknown++;
      if (of("state") === "created") yield { id: of("token_id"), userId: of("user_id") };
    }
  }
  const { run, now } = await revokeAll(terminal, options, { tokens: tokens() });
  const counts = { before: 0, now, left: total - now, unknown };
  return run.exitCode(await summarize(terminal, options, counts));
}

/** Revokes the tokens in a results file, and records that. */
async function revokeResults(path: string, options: Options, terminal: Terminal) {
  const results = ResultsFile.open(path, options.concurrency, true);
  function* tokens() {
    for (const { user_id = "", token_id = "" } of results.recordsIn("created"))
      yield { id: token_id, userId: user_id };
  }
  const onRevoked = ({ id: token_id, userId = "" }: Token, how: string) =>
    results.record(userId, "revoked", { token_id, ...(how === NOT_PENDING && { error: how }) });
  try {
    const [total, before] = [results.count("created"), results.count("revoked")];
    const { run, now } = await revokeAll(terminal, options, { tokens: tokens(), total, onRevoked });
    results.sync();
    const counts = { before, now, left: total - now, unknown: results.count("unknown") };
    return run.exitCode(await summarize(terminal, options, counts, results));
  } finally {
    results.close();
  }
}

async function revokeAll(terminal: Terminal, options: Options, job: Job) {
  let [now, failed] = [0, 0];
  const inFlight = new Map<string, Token>();
  async function* inputs() {
    for await (const token of job.tokens) {
      inFlight.set(token.id, token);
      yield token.id;
    }
  }
  const take = ({ input: id, error }: ManyResult<string>, why: string) => {
    const { userId } = inFlight.get(id) ?? {};
    inFlight.delete(id);
    if (!error || error.code === "not_pending") {
      now++;
      return job.onRevoked?.({ id, userId }, error?.outcome === "none" ? NOT_PENDING : "revoked");
    }
    failed++;
    if (error.code !== "unauthorized" && (!options.from || failed <= NAMED))
      terminal.error(`${userId ? `${userId}, ${id}` : id}: ${why}`);
    return undefined;
  };
  // It continues when its results cannot be recorded: revoking a token again does no harm.
  const run = new Run(terminal);
  const look = () => ({ done: now + failed, total: job.total, failed });
  const lost = "the same command revokes those tokens again";
  const many = { many: revokeMany, inputs: inputs(), inFlight, options, take, lost };
  await run.drive({ ...many, ...(options.from && { look }) });
  return { run, now };
}

/** Prints the summary. Returns whether all is done. */
async function summarize(
  terminal: Terminal,
  { from: path, json }: Options,
  { before, now, left, unknown }: Counts,
  results?: Results,
) {
  const [revoked, error] = [before + now, results?.failure?.message];
  const complete = left === 0 && unknown === 0;
  const counts = { results: path, revoked, now, not_revoked: left, unknown, complete, error };
  if (json) await printJson(counts);
  terminal[complete ? "note" : "say"](
    `${path}: ${count(revoked, "token")} revoked (${number(now)} now), ${number(left)} not revoked`,
  );
  if (results) nameFirst(terminal, results, "unknown");
  if (unknown > 0)
    terminal.say(`  If these users have tokens, they are not in the file. ${WHERE_TO_LOOK}`);
  if (results) reportFailure(terminal, results, false);
  if (left > 0) terminal.say("Run the same command again to revoke the rest.");
  return complete && !error;
}
