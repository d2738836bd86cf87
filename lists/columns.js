// Says which columns of a list hold the user and the organization, and whether a row names a user.

/**
 * Where a list has its users: the columns, -1 for none; the row with their names, -1 for none; all names that are known.
 *
 * @typedef {object} Columns
 * @property {number} user
 * @property {number} organization
 * @property {number} header
 * @property {string[]} names
 * @property {string} [notice] what the user has to know about the choice
 * @property {boolean} [isAmbiguous] whether more than one column without a name holds users
 */

const USER = /^user_\w+$/;
const ORGANIZATION = /^org_\w+$/;

/** Names of columns that look like an ID. */
const COLUMN_NAME = /^user_(id|uid|uuid|email|e?mail|name|ref|key|no|number)_?\d{0,2}$/i;

/** The names of a column or a JSON field, in lower case without separators. The more specific name comes first. */
const USER_NAMES = ["clerkuserid", "clerkid", "clerkuser", "userid", "id", "user", "clerk"];
const ORGANIZATION_NAMES = ["orgid", "organizationid", "clerkorgid", "clerkorganizationid"];

/** A cell that may be the name of a column. */
const NAME = /^\p{L}[\p{L}\d _.:-]*$/u;

/** How programs write that there is no value. */
const EMPTY = /^(?:|NA|NaN|NULL|None|\\N)$/i;

export const NO_USER = "not a user ID: those begin with user_";
const NO_ORGANIZATION = "not an organization ID: those begin with org_";

/**
 * Returns the indexes of the columns that may hold the user by their names, the most specific first.
 *
 * @param {string[]} names
 */
function userColumns(names) {
  return indexesOf(names, USER_NAMES);
}

/**
 * @param {string[]} names
 * @param {string[]} wanted
 */
function indexesOf(names, wanted) {
  const own = names.map(plain);
  return wanted.map((name) => own.indexOf(name)).filter((index) => index >= 0);
}

/** @param {unknown} cell */
function isUser(cell) {
  return typeof cell === "string" && USER.test(cell) && !COLUMN_NAME.test(cell);
}

/**
 * Returns whether a cell holds an ID as Clerk makes them, with digits: anything else may be the name of a column.
 *
 * @param {string} cell
 */
function isCertain(cell) {
  return isUser(cell) && /\d/.test(cell);
}

/**
 * Returns how much speaks for cells that are those of a list of users.
 *
 * @param {string[]} cells
 */
export function signsOfUsers(cells) {
  const trimmed = cells.map((cell) => cell.trim());
  const users = trimmed.filter(isCertain).length + userColumns(trimmed).length;
  const organizations =
    trimmed.filter((cell) => ORGANIZATION.test(cell)).length +
    indexesOf(trimmed, ORGANIZATION_NAMES).length;
  return 2 * users + organizations;
}

/**
 * Finds the columns by the first rows of a list. Returns undefined while more rows are needed.
 *
 * @param {string[][]} rows
 * @param {boolean} isEnd whether there are no more
 * @returns {Columns | undefined}
 */
export function findColumns(rows, isEnd) {
  const first = rows.findIndex((cells) => cells.some(isCertain));
  const above = first < 0 ? rows : rows.slice(0, first);
  const header = above.findIndex((cells) => userColumns(cells).length > 0);
  if (header >= 0) {
    const user = chooseUser(rows[header], rows.slice(header + 1), isEnd);
    const [organization = -1] = indexesOf(rows[header], ORGANIZATION_NAMES);
    return user && { ...user, organization, header, names: rows[header] };
  }
  return first < 0 && !isEnd ? undefined : withoutNames(rows, first);
}

/**
 * Chooses the user's column among those with names: the one with the most specific name that holds users. If none does, another
 * one that is full of users.
 *
 * @param {string[]} names
 * @param {unknown[][]} rows
 * @param {boolean} isEnd
 */
export function chooseUser(names, rows, isEnd) {
  const named = userColumns(names);
  const holdsUsers = (/** @type {number} */ at) => rows.some((cells) => isUser(cells[at]));
  if (!isEnd && !(named.length > 0 && holdsUsers(named[0]))) return undefined;
  const isFull = (/** @type {number} */ at) => {
    const cells = rows.map((row) => row[at] ?? "").filter((cell) => cell !== "");
    return cells.length > 0 && 2 * cells.length >= rows.length && cells.every(isUser);
  };
  const full = [...names.keys()].filter(isFull);
  const user = named.find(holdsUsers) ?? (full.length === 1 ? full[0] : (named[0] ?? -1));
  if (named.length === 0 || user === named[0]) return { user };
  const notice = `the users are in the column "${names[user]}": "${names[named[0]]}" holds no user IDs`;
  return { user, notice };
}

/**
 * Finds the columns of a list without names that are known: the user's is the one with users. Names that are not known may be
 * above; without any, the organization's column is the next one.
 *
 * @param {string[][]} rows
 * @param {number} first the first row with a user, -1 for none
 * @returns {Columns}
 */
function withoutNames(rows, first) {
  const guess = rows[0]?.length > 1 && rows[0].every((cell) => cell === "" || NAME.test(cell));
  const names = guess && first !== 0 ? rows[0] : [];
  const none = { user: -1, organization: -1, header: -1, names };
  if (first < 0) return none;
  const users = [...rows[first].keys()].filter((at) => isUser(rows[first][at]));
  if (users.length > 1) return { ...none, isAmbiguous: true };
  const [user] = users;
  const header = rows.findIndex(
    (cells, index) => index < first && cells.length > 1 && NAME.test(cells[user] ?? ""),
  );
  if (header < 0) return { user, organization: user + 1, header, names };
  const notice = `the users are in the column "${rows[header][user]}"`;
  const [organization = -1] = indexesOf(rows[header], ORGANIZATION_NAMES);
  return { user, organization, header, names: rows[header], notice };
}

/**
 * Returns the user in an object. The columns of a file of objects may vary, but never from Clerk's own ID to that of another
 * system or instance.
 *
 * @param {Record<string, unknown>} object
 * @param {string | undefined} chosen the field that was chosen by the first objects
 */
export function userOf(object, chosen = "") {
  const own = Object.keys(object);
  const best = own[userColumns(own)[0]] ?? "";
  const isSpecific = (/** @type {string} */ name) => /^(?!(user)?id$|user$)./.test(plain(name));
  if (isSpecific(chosen)) return object[chosen];
  return object[isSpecific(best) || !own.includes(chosen) ? best : chosen];
}

/**
 * Returns the field with the organization; -1 for none.
 *
 * @param {string[]} names
 */
export function organizationAmong(names) {
  return indexesOf(names, ORGANIZATION_NAMES)[0] ?? -1;
}

/**
 * Returns the text of a cell that may be empty.
 *
 * @param {unknown} cell
 */
export function textOrNone(cell) {
  const text = String(cell ?? "");
  return EMPTY.test(text) ? "" : text;
}

/**
 * Returns why a row names no user; undefined if it names one.
 *
 * @param {unknown} userId
 * @param {string} orgId empty for none
 */
export function reasonAgainst(userId, orgId) {
  if (!isUser(userId)) return NO_USER;
  if (orgId === "" || ORGANIZATION.test(orgId)) return undefined;
  return NO_ORGANIZATION;
}

/**
 * Returns why a row of an ambiguous list names no user.
 *
 * @param {string[]} cells
 */
export function reasonForCells(cells) {
  return cells.filter(isUser).length > 1
    ? "more than one column holds a user ID: name the right one user_id"
    : NO_USER;
}

/**
 * Returns a name in the form in which names are compared: "User ID", "user_id" and "userId" are the same.
 *
 * @param {string} name
 */
export function plain(name) {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}
