// Writes the results as CSV: each row of the list, with its own columns first and the result behind them.
import { appendFileSync, closeSync, openSync, renameSync, rmSync, statSync } from "node:fs";

import { COLUMNS, csvOf, distinct, isSecret } from "../../lists/index.js";
import { Failure, fileFailure, UsageError } from "../errors.js";

/** The number of rows in one write. */
const BATCH = 1000;

/**
 * @typedef {import("../../lists/users.js").Entry} Entry
 * @typedef {import("./file.js").ResultsFile} ResultsFile
 */

/** The CSV file beside the results file, with the same name and `.csv` behind it. */
export class CsvResults {
  #input;

  /**
   * @param {string} output the path of the results file
   * @param {import("../input.js").Input} input
   */
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

  /**
   * Writes the file. It appears only once it is complete.
   *
   * @param {ResultsFile} results
   */
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

  /**
   * Returns the text of the file in pieces.
   *
   * @param {ResultsFile} results
   */
  async *#pieces(results) {
    const { names, columns } = (await this.#input.survey()).reader;
    const own = [...names.keys()].filter(
      (at) => at !== columns.user && at !== columns.organization && !isSecret(names[at]),
    );
    const header = distinct(
      own.map((at) => names[at]),
      COLUMNS,
    );
    // Excel needs the byte order mark.
    yield `\uFEFF${csvOf([[...header, ...COLUMNS]])}`;
    for await (const entries of batches(this.#input.entries()))
      yield csvOf(
        entries.map((entry) => [...own.map((at) => entry.cells[at]), ...cellsOf(entry, results)]),
      );
  }
}

/**
 * Returns the cells of {@link COLUMNS}.
 *
 * @param {Entry} entry
 * @param {ResultsFile} results
 */
function cellsOf({ line, userId, reason, text }, results) {
  if (userId === undefined) return notUsable(line, text, reason);
  const index = results.states.indexOf(userId);
  // The run has marked every user as seen. This takes the mark away, so that a second row of the user is found.
  if (!results.states.see(index, false))
    return notUsable(line, userId, "the same user as in an earlier row");
  const { state, url, token, token_id, expires_at, code, error, clerk_trace_id } = results.recordAt(
    results.states.placeOf(index),
  );
  const expires = expires_at && new Date(expires_at).toISOString();
  return [line, userId, state, url, token, token_id, expires, code, error, clerk_trace_id];
}

/**
 * @param {number} line
 * @param {string} text
 * @param {string} reason
 */
function notUsable(line, text, reason) {
  return [line, text, "not_usable", "", "", "", "", "", reason];
}

/** @param {AsyncIterable<Entry>} entries */
async function* batches(entries) {
  /** @type {Entry[]} */
  let batch = [];
  for await (const entry of entries) {
    if (batch.push(entry) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
