// Says which columns of a list have the user and the organization, and whether a row names a user.

/** Where a list has its users. A column or row that does not exist is -1. */
export interface Columns {
  user: number;
  organization: number;
  /** The row with the names. */
  header: number;
  names: string[];
  /** What the user has to know about the choice. */
  notice?: string;
  /** Whether more than one column without a name has users. */
  isAmbiguous?: boolean;
}

const USER = /^user_\w+$/;
const ORGANIZATION = /^org_\w+$/;

/** Names of columns that look like an ID. */
const COLUMN_NAME = /^user_(id|uid|uuid|e?mail|name|ref|key|no|number)_?\d{0,2}$/i;

/** The names of a column or field, in their plain form. The more specific name comes first. */
const USER_NAMES = ["clerkuserid", "clerkid", "clerkuser", "userid", "id", "user", "clerk"];
const ORGANIZATION_NAMES = ["orgid", "organizationid", "clerkorgid", "clerkorganizationid"];

/** A cell that may be the name of a column. */
const NAME = /^\p{L}[\p{L}\d _.:()/#-]*$/u;

/** How programs write that there is no value. */
const EMPTY = /^(?:|NA|NaN|NULL|None|\\N)$/i;

export const AMBIGUOUS = "more than one column has a user ID: name the right one user_id";
export const NO_USER = "not a user ID: those begin with user_";

/** Returns a name as names are compared: "User ID", "user_id" and "userId" are the same. */
export const plain = (name: string) => name.toLowerCase().replace(/[\s_-]/g, "");

function indexesOf(names: string[], wanted: string[]) {
  const own = names.map(plain);
  return wanted.map((name) => own.indexOf(name)).filter((index) => index >= 0);
}

const userColumns = (names: string[]) => indexesOf(names, USER_NAMES);

/** Returns the index of the organization's name; -1 for none. */
export const organizationAmong = (names: string[]) => indexesOf(names, ORGANIZATION_NAMES)[0] ?? -1;

export const isUser = (cell: unknown): cell is string =>
  typeof cell === "string" && USER.test(cell) && !COLUMN_NAME.test(cell);

/** Returns whether a cell is an ID as Clerk makes them. A short one without a digit is no proof. */
const isCertain = (cell: string) => isUser(cell) && /\d|^.{32,}$/.test(cell);

/** Returns how much speaks for cells that are those of a list of users. */
export function signsOfUsers(cells: string[]) {
  const trimmed = cells.map((cell) => cell.trim());
  const users = trimmed.filter(isCertain).length + userColumns(trimmed).length;
  const named = indexesOf(trimmed, ORGANIZATION_NAMES).length;
  return 2 * users + named + trimmed.filter((cell) => ORGANIZATION.test(cell)).length;
}

/** Finds the columns by the first rows. Returns undefined while more are needed. */
export function findColumns(rows: string[][], isEnd: boolean): Columns | undefined {
  const first = rows.findIndex((cells) => cells.some(isCertain));
  const above = first < 0 ? rows : rows.slice(0, first);
  const header = above.findIndex((cells) => userColumns(cells).length > 0);
  if (header < 0) return first < 0 && !isEnd ? undefined : withoutNames(rows, first);
  const columns = chooseByName(rows[header], rows.slice(header + 1), isEnd);
  return columns && { ...columns, header };
}

/**
 * Chooses the columns by their names. The user's is the most specific one that has users. If none
 * does, another one that is full of users. Returns undefined while more rows are needed.
 */
export function chooseByName(names: string[], rows: unknown[][], isEnd: boolean) {
  const named = userColumns(names);
  const hasUsers = (at: number) => rows.some((cells) => isUser(cells[at]));
  if (!isEnd && !(named.length > 0 && hasUsers(named[0]))) return undefined;
  const full = [...names.keys()].filter((at) => {
    const cells = rows.map((row) => row[at] ?? "").filter((cell) => cell !== "");
    return cells.length > 0 && 2 * cells.length >= rows.length && cells.every(isUser);
  });
  const user = named.find(hasUsers) ?? (full.length === 1 ? full[0] : (named[0] ?? -1));
  const columns = { user, organization: organizationAmong(names), header: -1, names };
  if (named.length === 0 || user === named[0]) return columns;
  const where = `the users are in the column "${names[user]}"`;
  return { ...columns, notice: `${where}: "${names[named[0]]}" has no user IDs` };
}

/**
 * Finds the columns of a list without known names: the user's is the one with users. Unknown names
 * may be above; without any, the organization's column is the next one.
 */
function withoutNames(rows: string[][], first: number): Columns {
  const isNamed = rows[0]?.length > 1 && rows[0].every((cell) => cell === "" || NAME.test(cell));
  const names = isNamed && first !== 0 ? rows[0] : [];
  const none = { user: -1, organization: -1, header: -1, names };
  if (first < 0) return none;
  const users = [...rows[first].keys()].filter((at) => isUser(rows[first][at]));
  if (users.length > 1) return { ...none, isAmbiguous: true };
  const [user] = users;
  const header = rows
    .slice(0, first)
    .findIndex(
      (cells) => (cells.length > 1 || USER.test(cells[user])) && NAME.test(cells[user] ?? ""),
    );
  if (header < 0) return { user, organization: user + 1, header, names };
  const notice = `the users are in the column "${rows[header][user]}"`;
  const organization = organizationAmong(rows[header]);
  return { user, organization, header, names: rows[header], notice };
}

/**
 * Returns the user in an object. The fields of objects may vary, but never from Clerk's own ID to
 * that of another system. `chosen` is the field of the first objects.
 */
export function userOf(object: Record<string, unknown>, chosen = "") {
  const own = Object.keys(object);
  const best = own[userColumns(own)[0]] ?? "";
  const isSpecific = (name: string) => /^(?!(user)?id$|user$)./.test(plain(name));
  if (isSpecific(chosen)) return object[chosen];
  return object[isSpecific(best) || !own.includes(chosen) ? best : chosen];
}

/** Returns the text of a cell that may be empty. */
export function textOrNone(cell: unknown) {
  const text = String(cell ?? "");
  return EMPTY.test(text) ? "" : text;
}

/** Returns why a row names no user; undefined if it names one. `orgId` is empty for none. */
export function reasonAgainst(userId: unknown, orgId: string) {
  if (!isUser(userId)) return NO_USER;
  if (orgId === "" || ORGANIZATION.test(orgId)) return undefined;
  return "not an organization ID: those begin with org_";
}
