// Writes the results as CSV: each row of the list, with its own columns first and the result behind them.
import {
  appendFileSync,
  closeSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";

import { COLUMNS, csvOf, distinct, isSecret } from "../../lists/index.js";
import { Failure, fileFailure, orUndefined, UsageError } from "../errors.js";

/** The number of rows in one write. */
const BATCH = 1000;

/** @typedef {import("./file.js").ResultsFile} ResultsFile */

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
    if (stats && stats.size > 0 && !headerOf(this.path)?.endsWith(COLUMNS.join()))
      throw new UsageError(`${this.path} exists, and is not a file of this command`);
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
    const { names, columns } = this.#input.counted;
    const own = [...names.keys()].filter(
      (at) => at !== columns.user && at !== columns.organization && !isSecret(names[at]),
    );
    const header = distinct(
      own.map((at) => names[at]),
      COLUMNS,
    );
    // Excel needs the byte order mark.
    yield `\uFEFF${csvOf([[...header, ...COLUMNS]])}`;
    for (const user of results.users.values()) user.seen = undefined;
    /** @type {unknown[][]} */
    let rows = [];
    for await (const entry of this.#input.entries()) {
      const { line, userId, orgId, reason, text, cells } = entry;
      const result = userId
        ? cellsOf(results, line, userId, orgId ?? "")
        : notUsable(line, text ?? "", reason ?? "");
      rows.push([...own.map((at) => cells[at]), ...result]);
      if (rows.length < BATCH) continue;
      yield csvOf(rows);
      rows = [];
    }
    if (rows.length > 0) yield csvOf(rows);
  }
}

/**
 * Returns the cells of {@link COLUMNS}.
 *
 * @param {ResultsFile} results
 * @param {number} line
 * @param {string} userId
 * @param {string} organization
 */
function cellsOf(results, line, userId, organization) {
  const user = results.userOf(userId);
  if (user.seen !== undefined) {
    const other = user.seen === organization ? "" : ", with another organization";
    return notUsable(line, userId, `the same user as in an earlier row${other}`);
  }
  user.seen = organization;
  // A run that --limit ended did not come to all users.
  if (user.state === "none") return [line, userId, "not_sent"];
  const record = results.recordOf(userId);
  const { state, url, token, token_id, expires_at, code, error, clerk_trace_id } = record;
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

/**
 * Returns the first line of a file; undefined if there is none.
 *
 * @param {string} path
 */
export function headerOf(path) {
  return orUndefined(() => {
    const buffer = Buffer.alloc(65_536);
    const fd = openSync(path, "r");
    try {
      const length = readSync(fd, buffer, 0, buffer.length, 0);
      const line = buffer.toString("utf8", 0, length).split("\n", 1)[0].trim();
      return line.startsWith("{") ? undefined : line;
    } finally {
      closeSync(fd);
    }
  });
}
