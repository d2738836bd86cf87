// Reads users from a list: CSV or NDJSON, whole or as a stream. rows.js splits it into rows.
import {
  hasUser,
  namedColumns,
  parseJson,
  reasonAgainst,
  reasonForCells,
  unnamedColumns,
  withEnd,
} from "./columns.js";
import { textOf, textOfJson } from "./csv.js";
import { Rows } from "./rows.js";

/**
 * A row of a list: a user, with the organization or null; or the reason why it names no user, with its text.
 *
 * @typedef {{ userId: string, orgId: string | null, reason?: undefined, text?: undefined } | Refusal} Content
 * @typedef {{ userId?: undefined, orgId?: undefined, reason: string, text: string }} Refusal
 *
 * `others` holds the other columns by their names.
 * @typedef {Content & { line: number, others: Record<string, unknown> }} Entry
 */

/** @typedef {import("./columns.js").Columns} Columns */

/**
 * Reads a list piece by piece, and returns an entry for each row that is not blank, in their order. A user may appear more
 * than once.
 *
 * The first row may name the columns: `user_id`, or `id` as in Clerk's own export, and `org_id`. Without names, the user's
 * column is the one with a `user_…`, and the organization's is the next one.
 */
export class ListReader {
  #rows = new Rows();
  /** @type {Columns | undefined} */
  #columns;
  /** @type {string[] | undefined} undefined until the first row is read */
  #names;

  /**
   * Returns the entries that this piece of the list completes.
   *
   * @param {string} piece
   */
  push(piece) {
    return this.#entries(this.#rows.push(piece));
  }

  /** Returns the remaining entries at the end of the list. */
  end() {
    return this.#entries(this.#rows.end());
  }

  /** @param {import("./rows.js").Row[]} rows */
  #entries(rows) {
    const entries = [];
    for (const row of rows) {
      const entry = this.#entry(row);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  /**
   * @param {import("./rows.js").Row} row
   * @returns {Entry | undefined} undefined for the names of the columns
   */
  #entry(row) {
    const { line, cells = [], json, reason } = row;
    if (reason) return { line, reason: withEnd(reason, row), text: "", others: {} };
    if (json !== undefined) return { line, ...fromJson(json) };
    const trimmed = cells.map((cell) => cell.trim());
    if (!this.#names) {
      this.#names = trimmed;
      this.#columns = namedColumns(trimmed);
      if (this.#columns) return undefined;
      // A row with a user holds no names.
      if (hasUser(trimmed)) this.#names = [];
    }
    const entry = { line, ...this.#fromCells(trimmed) };
    if (entry.reason) entry.reason = withEnd(entry.reason, row);
    return entry;
  }

  /** @param {string[]} cells */
  #fromCells(cells) {
    const text = () => textOf(cells, this.#names ?? []);
    this.#columns ??= unnamedColumns(cells);
    const others = this.#others(cells, this.#columns);
    if (!this.#columns) return { reason: reasonForCells(cells), text: text(), others };
    const { user, organization } = this.#columns;
    return content(cells[user] ?? "", cells[organization] ?? "", text, others);
  }

  /**
   * Returns the cells by the names of their columns, without those in `columns`.
   *
   * @param {string[]} cells
   * @param {Columns} [columns]
   */
  #others(cells, columns) {
    const entries = cells.map((cell, index) => [
      this.#names?.[index] || `column ${index + 1}`,
      cell,
    ]);
    return Object.fromEntries(
      entries.filter((_, index) => index !== columns?.user && index !== columns?.organization),
    );
  }
}

/**
 * Returns the entries of a list that comes as a stream (or any iterable) of UTF-8 bytes.
 *
 * @param {AsyncIterable<Uint8Array> | Iterable<Uint8Array>} stream
 */
export async function* users(stream) {
  const reader = new ListReader();
  const decoder = new TextDecoder();
  for await (const bytes of stream) yield* reader.push(decoder.decode(bytes, { stream: true }));
  yield* reader.push(decoder.decode());
  yield* reader.end();
}

/** @param {string} json */
function fromJson(json) {
  const { object, reason } = parseJson(json);
  const text = () => textOfJson(json, object);
  if (reason !== undefined) return { reason, text: text(), others: {} };
  const names = Object.keys(object);
  const { user = -1, organization = -1 } = namedColumns(names) ?? {};
  const others = Object.entries(object).filter((_, at) => at !== user && at !== organization);
  const [userId, orgId] = [object[names[user]], object[names[organization]]];
  return content(userId, orgId, text, Object.fromEntries(others));
}

/**
 * @param {unknown} userId
 * @param {unknown} orgId
 * @param {() => string} text returns the text of the row
 * @param {Record<string, unknown>} others
 * @returns {Content & { others: Record<string, unknown> }}
 */
function content(userId, orgId, text, others) {
  const reason = reasonAgainst(userId, orgId);
  if (reason) return { reason, text: text(), others };
  return { userId: String(userId), orgId: orgId ? String(orgId) : null, others };
}
