// Reads users from a list, piece by piece. text.ts decodes it, rows.ts splits it into rows.
import {
  AMBIGUOUS,
  chooseByName,
  type Columns,
  findColumns,
  isUser,
  NO_USER,
  organizationAmong,
  reasonAgainst,
  textOrNone,
  userOf,
} from "./columns.ts";
import { textOf, textOfJson } from "./csv.ts";
import type { Row } from "./elements.ts";
import { Rows } from "./rows.ts";
import { Decoder } from "./text.ts";

export type User = { userId: string; orgId: string | null; reason?: undefined; text?: undefined };

/** A row that names no user, with the reason. */
type Refusal = { userId?: undefined; orgId?: undefined; reason: string; text: string };

/** A row of a list. Its `cells` belong to the reader's `names`. */
export type Entry = (User | Refusal) & { line: number; cells: unknown[] };

/** What is in a row; the `problem` is why that cannot be told. */
type Found = { userId?: unknown; orgId?: unknown; cells: unknown[]; problem?: string };

/** The maximum of rows, and of characters in them, by which the columns are chosen. */
const SAMPLE = 1000;
const SAMPLE_LENGTH = 262_144;

/** The maximum of columns that fields of JSON make. */
const MOST_COLUMNS = 1000;

const NAME_COLUMNS =
  ". If this column is something else, add a first line with the names of the columns";

const NO_USERS =
  "no row has a Clerk user ID. IDs of another system, such as Auth0, Firebase or Cognito, " +
  "do not work: export the users from Clerk";

/**
 * Reads a list piece by piece, and returns an entry for each row that is not blank, in their order.
 * A user may appear more than once.
 *
 * A row may name the columns: `user_id`, or `id` as in Clerk's own export, and `org_id`. Without
 * names, the user's column is the one with a `user_…`, and the organization's is the next one.
 */
export class ListReader {
  /** The names of the list's columns so far. */
  names: string[] = [];
  /** What the user of the list has to know about how it was read. */
  notices: string[] = [];
  /** Why this is not a list at all. */
  refusal?: string;
  #decoder = new Decoder();
  #rows = new Rows();
  #hasUsers = false;
  #hasRows = false;
  /** The rows that wait for the choice of the columns. */
  #waiting: Row[] = [];
  #waitingLength = 0;
  #columns?: Columns;
  /** The places of JSON's fields among the names. */
  #fields = new Map<string, number>();

  /** The indexes of the user's and the organization's column; -1 for none. */
  get columns() {
    return { user: this.#columns?.user ?? -1, organization: this.#columns?.organization ?? -1 };
  }

  get blank() {
    return this.#rows.blank;
  }

  /** How CSV with the list's cells is written again. */
  get csv() {
    return this.#rows.csv;
  }

  /** Returns the entries that this piece of the list completes. */
  push(piece: string | Uint8Array) {
    return this.#read(typeof piece === "string" ? piece : this.#decoder.decode(piece));
  }

  /** Returns the remaining entries at the end of the list. */
  end() {
    const entries = this.#read(this.#decoder.decode(new Uint8Array(), true), true);
    if (this.#decoder.notice) this.notices.unshift(this.#decoder.notice);
    if (this.#hasRows && !this.#hasUsers && !this.refusal) this.notices.push(NO_USERS);
    return entries;
  }

  #read(text: string, isEnd = false): Entry[] {
    if (this.refusal) return [];
    const rows = this.#rows.push(text);
    if (isEnd) rows.push(...this.#rows.end());
    this.refusal = this.#decoder.refusal ?? this.#rows.refusal;
    if (!this.refusal) return this.#entries(rows, isEnd);
    return [{ line: 1, reason: this.refusal, text: "", cells: [] }];
  }

  #entries(rows: Row[], isEnd: boolean) {
    const ready = this.#columns ? rows : this.#choose(rows, isEnd);
    const entries = ready.map((row) => this.#entry(row));
    this.#hasRows ||= entries.length > 0;
    this.#hasUsers ||= entries.some(({ reason }) => !reason?.startsWith(NO_USER));
    return entries;
  }

  /** Keeps rows until the columns can be chosen. Returns the rows below the names. */
  #choose(rows: Row[], isEnd: boolean) {
    for (const row of rows) {
      this.#waitingLength += row.json?.length ?? row.cells?.join().length ?? 0;
      this.#waiting.push(row);
    }
    const isFull = this.#waiting.length >= SAMPLE || this.#waitingLength >= SAMPLE_LENGTH;
    if (this.#waiting.length === 0 || (rows.length === 0 && !isEnd)) return [];
    if (isEnd && this.#waiting.length === 1) this.#waiting = usersOfOneLine(this.#waiting[0]);
    const read = this.#waiting.filter(({ reason }) => !reason);
    const isJson = read.some(({ json }) => json !== undefined);
    this.#columns = isJson
      ? this.#chooseField(read, isEnd || isFull)
      : findColumns(read.map(trimmed), isEnd || isFull);
    if (!this.#columns) return [];
    const { header, names, notice } = this.#columns;
    if (!isJson) this.names = names.map(nameAt);
    const below = new Set(this.#waiting.slice(this.#waiting.indexOf(read[header]) + 1));
    const kept = this.#waiting.filter((row) => header < 0 || row.reason || below.has(row));
    if (header > 0) this.notices.push(aboveNames(read[header - 1]));
    if (notice) this.notices.push(notice);
    this.#waiting = [];
    return kept;
  }

  #chooseField(rows: Row[], isEnd: boolean): Columns | undefined {
    if (!isEnd) return undefined;
    const cells = rows.map(({ json = "" }) => this.#cellsOf(objectOf(json) ?? {}));
    return chooseByName(this.names, cells, true);
  }

  #entry(row: Row): Entry {
    const { line, lastLine, json } = row;
    const isJson = json !== undefined;
    const { userId, orgId, cells, problem } = isJson ? this.#fromJson(json) : this.#fromCells(row);
    const organization = textOrNone(orgId);
    let reason = problem ?? reasonAgainst(userId, organization);
    if (!reason) return { line, userId: String(userId), orgId: organization || null, cells };
    const isGuess = !isJson && this.#columns?.header === -1;
    if (isGuess && !problem && !reasonAgainst(userId, "")) reason += NAME_COLUMNS;
    // Users may be hidden in a row of several lines.
    if (lastLine > line) reason += ` (the row ends in line ${lastLine})`;
    const text = isJson ? textOfJson(json, objectOf(json)) : textOf(row.cells ?? [], this.names);
    return { line, reason, text, cells };
  }

  #fromCells(row: Row): Found {
    if (row.reason) return { problem: row.reason, cells: [] };
    const cells = trimmed(row);
    if (this.columns.user < 0 && !this.#columns?.isAmbiguous)
      this.#columns = findColumns([cells], true);
    for (let at = this.names.length; at < cells.length; at++) this.names.push(this.#nameless(at));
    const { user, organization } = this.columns;
    const isUnclear = this.#columns?.isAmbiguous && cells.filter(isUser).length > 1;
    const problem = isUnclear ? AMBIGUOUS : undefined;
    return { userId: cells[user], orgId: cells[organization], cells, problem };
  }

  #fromJson(json: string): Found {
    const object = objectOf(json);
    if (!object) return { problem: "not JSON", cells: [] };
    const own = Object.keys(object);
    const orgId = object[own[organizationAmong(own)]];
    const userId = userOf(object, this.names[this.columns.user]);
    return { userId, orgId, cells: this.#cellsOf(object) };
  }

  /** Returns the values of an object in the order of the names. Adds new names. */
  #cellsOf(object: Record<string, unknown>) {
    const cells: unknown[] = [];
    for (const [name, value] of Object.entries(object)) {
      if (!this.#fields.has(name) && this.names.length < MOST_COLUMNS)
        this.#fields.set(name, this.names.push(name) - 1);
      const at = this.#fields.get(name);
      if (at !== undefined) cells[at] = value;
    }
    return cells;
  }

  #nameless(at: number) {
    const { user, organization, header } = { header: -1, ...this.#columns, ...this.columns };
    if (header < 0 && at === user) return "user_id";
    return header < 0 && at === organization ? "org_id" : nameAt("", at);
  }
}

/** Returns the entries of a list that comes as a stream (or any iterable) of bytes. */
export async function* users(
  stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  reader = new ListReader(),
) {
  for await (const bytes of stream) {
    yield* reader.push(bytes);
    if (reader.refusal) return;
  }
  yield* reader.end();
}

/** Parses an object, or the ID of a user. Returns undefined if it is not JSON. */
function objectOf(json: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(json);
    return typeof value === "string" ? { user_id: value } : Object(value);
  } catch {
    return undefined;
  }
}

/** @param row the last one above the names */
function aboveNames({ lastLine }: Row) {
  const lines = lastLine === 1 ? "line 1 is" : `the lines up to ${lastLine} are`;
  return `${lines} above the names of the columns, and not read`;
}

/** Returns a row for each user of a list that is one line of users. */
function usersOfOneLine(row: Row): Row[] {
  const users = trimmed(row).filter(Boolean);
  if (users.length < 2 || !users.every(isUser)) return [row];
  return users.map((user) => ({ ...row, cells: [user] }));
}

const trimmed = ({ cells = [] }: Row) => cells.map((cell) => cell.trim());

const nameAt = (name: string, at: number) => name || `column ${at + 1}`;
