// revoke: revokes some tokens, or all tokens of a run. One that is not pending any more counts.
import { createReadStream } from "node:fs";

import { type ManyResult, revokeMany } from "clerk-sign-in-tokens/bulk";

import { ListReader, users } from "../lists/index.ts";
import { clientFromEnv } from "./client.ts";
import { UsageError } from "./errors.ts";
import { print, printJson } from "./output.ts";
import { headerOf } from "./results/csv.ts";
import { ResultsFile } from "./results/file.ts";
import { mayRun, Run } from "./run.ts";
import { nameFirst, reportFailure } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import { count, number, WHERE_TO_LOOK } from "./words.ts";

const NOT_PENDING = "not pending: it was used, revoked or expired before";

/** The number of failures that the terminal shows. */
const NAMED = 5;

type Token = { id: string; userId?: string };

interface Options {
  from?: string;
  concurrency: number;
  rateLimit?: number;
  json?: boolean;
  yes?: boolean;
}

/** The tokens to revoke, and what to do with each of them. */
interface Job {
  tokens: AsyncIterable<Token> | Iterable<Token>;
  /** The number of tokens; undefined if it is unknown. */
  total?: number;
  onRevoked?: (token: Token, how: string) => unknown;
}

/** What became of the tokens in a file. */
interface Done {
  run: Run;
  /** The tokens that were revoked before, by this run, and not yet. */
  before: number;
  now: number;
  left: number;
  /** The users who are unknown. */
  unknown: number;
  results?: ResultsFile;
}

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
  const { run, revoked } = await revokeAll(terminal, options, {
    tokens: ids.map((id) => ({ id })),
    onRevoked: ({ id }, how) => print(`${id} ${how}\n`),
  });
  return run.exitCode(revoked === ids.length);
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
  const { run, revoked: now } = await revokeAll(terminal, options, { tokens: tokens() });
  return finish(terminal, options, { run, before: 0, now, left: total - now, unknown });
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
    const job = { tokens: tokens(), total, onRevoked };
    const { run, revoked: now } = await revokeAll(terminal, options, job);
    results.sync();
    const unknown = results.count("unknown");
    const done = { run, before, now, left: total - now, unknown, results };
    return await finish(terminal, options, done);
  } finally {
    results.close();
  }
}

async function revokeAll(terminal: Terminal, options: Options, job: Job) {
  let [revoked, failed] = [0, 0];
  const inFlight = new Map<string, Token>();
  async function* inputs() {
    for await (const token of job.tokens) {
      inFlight.set(token.id, token);
      yield token.id;
    }
  }
  const take = ({ input: id, error }: ManyResult<string>, why: string) => {
    const token = inFlight.get(id) ?? { id };
    inFlight.delete(id);
    if (!error || error.code === "not_pending") {
      revoked++;
      return job.onRevoked?.(token, error?.outcome === "none" ? NOT_PENDING : "revoked");
    }
    failed++;
    if (error.code !== "unauthorized" && (!options.from || failed <= NAMED))
      terminal.error(`${token.userId ? `${token.userId}, ` : ""}${id}: ${why}`);
    return undefined;
  };
  // It continues when its results cannot be recorded: revoking a token again does no harm.
  const run = new Run(terminal);
  const look = () => ({ done: revoked + failed, total: job.total, failed });
  const lost = "the same command revokes those tokens again";
  const many = { many: revokeMany, inputs: inputs(), inFlight, options, take, lost };
  await run.drive({ ...many, ...(options.from && { look }) });
  return { run, revoked };
}

/** Prints the summary. Returns the exit code. */
async function finish(terminal: Terminal, { from: path, json }: Options, done: Done) {
  const { run, before, now, left, unknown, results } = done;
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
  return run.exitCode(complete && !error);
}
