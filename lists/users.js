// Reads users out of a list: CSV or NDJSON, whole or as a stream. What a row is, is in rows.js.
import { Rows } from "./rows.js";

const USER = /^user_\w+$/;
const ORGANIZATION = /^org_\w+$/;

/** The names that a column or a JSON field may have, in lower case without separators; the first that is there counts. */
const USER_NAMES = ["userid", "clerkuserid", "clerkid", "id", "user"];
const ORGANIZATION_NAMES = ["orgid", "organizationid"];

/**
 * Takes a list in, piece by piece, and gives an entry for each row that is not blank, in their order:
 * `{ line, userId, orgId, others }`, or `{ line, reason, text, others }` for a row that names no user. `orgId` is null where
 * there is none. `others` holds the other columns by their names. A user may come more than once.
 *
 * The first row may name the columns: the user's is `user_id`, or `id` as in Clerk's own export. Otherwise it is the column
 * that holds a `user_…`, and the organization stands behind it.
 */
export class ListReader {
  #rows = new Rows();
  #columns;
  #names;

  /** Returns the entries that are complete with this piece of the list. */
  push(piece) {
    return this.#entries(this.#rows.push(piece));
  }

  /** Returns the entries that are left once the list has ended. */
  end() {
    return this.#entries(this.#rows.end());
  }

  #entries(rows) {
    const entries = [];
    for (const row of rows) {
      const entry = this.#entry(row);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  #entry({ line, lastLine, cells, json, reason }) {
    if (reason) return { line, reason: withEnd(reason, line, lastLine), text: "", others: {} };
    if (json !== undefined) return { line, ...fromJson(json) };
    const trimmed = cells.map((cell) => cell.trim());
    if (!this.#names) {
      this.#names = trimmed;
      this.#columns = namedColumns(trimmed);
      if (this.#columns) return undefined;
      // Not the names of columns after all.
      if (trimmed.some((cell) => USER.test(cell))) this.#names = [];
    }
    const entry = { line, ...this.#fromCells(trimmed) };
    if (entry.reason) entry.reason = withEnd(entry.reason, line, lastLine);
    return entry;
  }

  #fromCells(cells) {
    const text = cells.join(", ");
    const others = (columns) => this.#others(cells, columns);
    if (!this.#columns) {
      const user = cells.findIndex((cell) => USER.test(cell));
      if (user < 0) return { reason: reasonAgainst(cells[0]), text, others: others() };
      if (cells.some((cell, index) => index > user && USER.test(cell))) {
        const reason = "more than one column holds a user ID: name the right one user_id";
        return { reason, text, others: others() };
      }
      this.#columns = { user, organization: user + 1 };
    }
    const { user, organization } = this.#columns;
    return check(cells[user] ?? "", cells[organization] ?? "", text, others(this.#columns));
  }

  #others(cells, columns) {
    const entries = cells.map((cell, index) => [this.#names[index] || `column ${index + 1}`, cell]);
    return Object.fromEntries(
      entries.filter((_, index) => index !== columns?.user && index !== columns?.organization),
    );
  }
}

/** Gives the entries of a list that comes as a stream (or any iterable) of UTF-8 bytes. */
export async function* users(stream) {
  const reader = new ListReader();
  const decoder = new TextDecoder();
  for await (const bytes of stream) yield* reader.push(decoder.decode(bytes, { stream: true }));
  yield* reader.push(decoder.decode());
  yield* reader.end();
}

function namedColumns(cells) {
  const names = cells.map(plain);
  const find = (wanted) => names.indexOf(wanted.find((name) => names.includes(name)));
  const user = find(USER_NAMES);
  return user < 0 ? undefined : { user, organization: find(ORGANIZATION_NAMES) };
}

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
  const find = (wanted) => {
    const found = wanted.find((name) => names.some((own) => plain(own) === name));
    return names.find((own) => plain(own) === found);
  };
  const [user, organization] = [find(USER_NAMES), find(ORGANIZATION_NAMES)];
  const others = Object.entries(Object(object)).filter(([n]) => n !== user && n !== organization);
  return check(object?.[user], object?.[organization] ?? "", text, Object.fromEntries(others));
}

function check(userId, orgId, text, others) {
  const reason = reasonAgainst(userId, orgId);
  return reason ? { reason, text, others } : { userId, orgId: orgId || null, others };
}

function reasonAgainst(userId, orgId = "") {
  if (typeof userId !== "string" || !USER.test(userId))
    return "not a user ID: those begin with user_";
  if (orgId !== "" && !(typeof orgId === "string" && ORGANIZATION.test(orgId)))
    return "not an organization ID: those begin with org_";
  return undefined;
}

/** A name as it is compared: "User ID", "user_id" and "userId" are the same. */
function plain(name) {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

/** Says how far a row goes that has several lines, since users may be hidden in it. */
function withEnd(reason, line, lastLine) {
  return lastLine > line ? `${reason} (the row ends in line ${lastLine})` : reason;
}
