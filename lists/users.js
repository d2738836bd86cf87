// Reads users from a list: CSV or NDJSON, whole or as a stream. rows.js splits it into rows.
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

/** @typedef {{ user: number, organization: number }} Columns their indexes */

const USER = /^user_\w+$/;
const ORGANIZATION = /^org_\w+$/;

/** The names of a column or a JSON field, in lower case without separators. The first one that is present counts. */
const USER_NAMES = ["userid", "clerkuserid", "clerkid", "id", "user"];
const ORGANIZATION_NAMES = ["orgid", "organizationid"];

const NO_USER = "not a user ID: those begin with user_";
const NO_ORGANIZATION = "not an organization ID: those begin with org_";

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
  #entry({ line, lastLine, cells = [], json, reason }) {
    if (reason) return { line, reason: withEnd(reason, line, lastLine), text: "", others: {} };
    if (json !== undefined) return { line, ...fromJson(json) };
    const trimmed = cells.map((cell) => cell.trim());
    if (!this.#names) {
      this.#names = trimmed;
      this.#columns = namedColumns(trimmed);
      if (this.#columns) return undefined;
      // A row with a user holds no names.
      if (trimmed.some((cell) => USER.test(cell))) this.#names = [];
    }
    const entry = { line, ...this.#fromCells(trimmed) };
    if (entry.reason) entry.reason = withEnd(entry.reason, line, lastLine);
    return entry;
  }

  /** @param {string[]} cells */
  #fromCells(cells) {
    const text = cells.join(", ");
    if (!this.#columns) {
      const user = cells.findIndex((cell) => USER.test(cell));
      if (user < 0) return { reason: NO_USER, text, others: this.#others(cells) };
      if (cells.some((cell, index) => index > user && USER.test(cell))) {
        const reason = "more than one column holds a user ID: name the right one user_id";
        return { reason, text, others: this.#others(cells) };
      }
      this.#columns = { user, organization: user + 1 };
    }
    const { user, organization } = this.#columns;
    const others = this.#others(cells, this.#columns);
    return check(cells[user] ?? "", cells[organization] ?? "", text, others);
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

/**
 * Returns the columns that the first row names; undefined where it names no user's column.
 *
 * @param {string[]} cells
 * @returns {Columns | undefined}
 */
function namedColumns(cells) {
  const names = cells.map(plain);
  const find = (/** @type {string[]} */ wanted) =>
    names.indexOf(wanted.find((name) => names.includes(name)) ?? "");
  const user = find(USER_NAMES);
  return user < 0 ? undefined : { user, organization: find(ORGANIZATION_NAMES) };
}

/** @param {string} json */
function fromJson(json) {
  const text = json.trim();
  if (text.startsWith("[")) {
    return {
      reason: "a JSON array: write one object a line, as jq -c '.[]' does",
      text,
      others: {},
    };
  }
  let object;
  try {
    object = JSON.parse(text);
  } catch {
    return { reason: "not JSON", text, others: {} };
  }
  const names = Object.keys(Object(object));
  const find = (/** @type {string[]} */ wanted) => {
    const found = wanted.find((name) => names.some((own) => plain(own) === name));
    return names.find((own) => plain(own) === found) ?? "";
  };
  const [user, organization] = [find(USER_NAMES), find(ORGANIZATION_NAMES)];
  const others = Object.entries(Object(object)).filter(([n]) => n !== user && n !== organization);
  return check(object?.[user], object?.[organization] ?? "", text, Object.fromEntries(others));
}

/**
 * @param {unknown} userId
 * @param {unknown} orgId
 * @param {string} text of the row
 * @param {Record<string, unknown>} others
 */
function check(userId, orgId, text, others) {
  if (typeof userId !== "string" || !USER.test(userId)) return { reason: NO_USER, text, others };
  if (orgId === "") return { userId, orgId: null, others };
  if (typeof orgId === "string" && ORGANIZATION.test(orgId)) return { userId, orgId, others };
  return { reason: NO_ORGANIZATION, text, others };
}

/**
 * Returns a name in the form in which names are compared: "User ID", "user_id" and "userId" are the same.
 *
 * @param {string} name
 */
function plain(name) {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

/**
 * Adds the last line of a row with several lines to `reason`, since users may be hidden in it.
 *
 * @param {string} reason
 * @param {number} line
 * @param {number} lastLine
 */
function withEnd(reason, line, lastLine) {
  return lastLine > line ? `${reason} (the row ends in line ${lastLine})` : reason;
}
