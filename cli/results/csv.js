// The results as CSV: each row of the list, its own columns first, then how it went.
import { appendFileSync, closeSync, openSync, renameSync, rmSync, statSync } from "node:fs";

import Papa from "papaparse";

import { Failure, fileFailure, UsageError } from "../failure.js";

/** Columns of Clerk's own export that sign somebody in, or help to. They stay where they are. */
const CREDENTIALS = /password|totp|secret|backup_?code/i;

/** A cell that a spreadsheet would take for a formula; Papa's own test ends at a line end. */
const FORMULA = /^[=+\-@\t\r\n]/;

/** The rows that are written at a time. */
const BATCH = 1000;

const COLUMNS = [
  "line",
  "user_id",
  "state",
  "url",
  "token",
  "token_id",
  "expires_at",
  "error",
  "clerk_trace_id",
];

export class CsvResults {
  #input;

  /** Beside the results file, whose name it has with `.csv` behind it. */
  constructor(output, input) {
    if (!input.isRepeatable)
      throw new UsageError(
        "--format csv needs a file: the list is read again for its other columns",
      );
    this.path = `${output}.csv`;
    this.#input = input;
    input.requireOther(this.path, `--format csv writes ${this.path}, which`);
    const stats = statSync(this.path, { throwIfNoEntry: false });
    if (stats && !stats.isFile()) throw new UsageError(`${this.path} is not a regular file`);
  }

  /** Writes the file anew; it is there when it is whole. */
  async write(results) {
    const part = `${this.path}.part`;
    try {
      rmSync(part, { force: true });
      const fd = openSync(part, "wx", 0o600);
      try {
        for await (const text of this.#pieces(results)) appendFileSync(fd, text);
      } finally {
        closeSync(fd);
      }
      renameSync(part, this.path);
    } catch (error) {
      rmSync(part, { force: true });
      throw error instanceof Failure ? error : fileFailure(error, this.path);
    }
  }

  /** The byte order mark is for Excel. */
  async *#pieces(results) {
    let others;
    for await (const entries of batches(this.#input.entries())) {
      if (!others) {
        const { others: first } = entries.find(({ userId }) => userId) ?? entries[0];
        others = Object.keys(first).filter((name) => !CREDENTIALS.test(name));
        yield `\uFEFF${csvOf([[...others.map(distinct), ...COLUMNS]])}`;
      }
      yield csvOf(
        entries.map((entry) => [
          ...others.map((name) => cell(entry.others[name])),
          ...cellsOf(entry, results),
        ]),
      );
    }
  }
}

/** The cells of {@link COLUMNS}. */
function cellsOf({ line, userId, reason, text }, results) {
  if (reason) return [line, text, "not usable", "", "", "", "", reason];
  const index = results.states.indexOf(userId);
  // The run has seen every user; here each is met once more.
  if (!results.states.see(index, false))
    return [line, userId, "not usable", "", "", "", "", "the same user as in an earlier row"];
  const { state, url, token, token_id, expires_at, error, clerk_trace_id } = results.recordAt(
    results.states.placeOf(index),
  );
  const expires = expires_at && new Date(expires_at).toISOString();
  return [line, userId, state, url, token, token_id, expires, error, clerk_trace_id];
}

function csvOf(rows) {
  const newline = "\r\n";
  return `${Papa.unparse(rows, { newline, escapeFormulae: FORMULA })}${newline}`;
}

/** A column of the list must not pass for one of the results. */
function distinct(name) {
  return COLUMNS.includes(name) ? `input ${name}` : name;
}

function cell(value) {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

async function* batches(entries) {
  let batch = [];
  for await (const entry of entries) {
    if (batch.push(entry) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
