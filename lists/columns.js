// Says which columns of a list hold the user and the organization, and whether a row names a user.

/** @typedef {{ user: number, organization: number }} Columns their indexes; -1 for none */

const USER = /^user_\w+$/;
const ORGANIZATION = /^org_\w+$/;

/** The names of a column or a JSON field, in lower case without separators. The first one that is present counts. */
const USER_NAMES = ["userid", "clerkuserid", "clerkid", "id", "user"];
const ORGANIZATION_NAMES = ["orgid", "organizationid"];

const NO_USER = "not a user ID: those begin with user_";

/**
 * Returns the columns among these names; undefined if none of them names a user's column.
 *
 * @param {string[]} names
 * @returns {Columns | undefined}
 */
export function namedColumns(names) {
  const own = names.map(plain);
  const find = (/** @type {string[]} */ wanted) =>
    own.indexOf(wanted.find((name) => own.includes(name)) ?? "");
  const user = find(USER_NAMES);
  return user < 0 ? undefined : { user, organization: find(ORGANIZATION_NAMES) };
}

/**
 * Returns the columns of a list without names: the user's column is the one with a `user_…`, and the organization's is the
 * next one. Undefined if no cell holds a user ID, or if more than one does.
 *
 * @param {string[]} cells of a row
 * @returns {Columns | undefined}
 */
export function unnamedColumns(cells) {
  const user = cells.findIndex((cell) => USER.test(cell));
  return user < 0 || hasTwoUsers(cells) ? undefined : { user, organization: user + 1 };
}

/**
 * Returns whether a cell holds a user ID.
 *
 * @param {string[]} cells
 */
export function hasUser(cells) {
  return cells.some((cell) => USER.test(cell));
}

/**
 * Returns why a row without columns names no user.
 *
 * @param {string[]} cells
 */
export function reasonForCells(cells) {
  return hasTwoUsers(cells)
    ? "more than one column holds a user ID: name the right one user_id"
    : NO_USER;
}

/**
 * Returns why a row names no user; undefined if it names one.
 *
 * @param {unknown} userId
 * @param {unknown} orgId `""`, `null` or `undefined` for none
 */
export function reasonAgainst(userId, orgId) {
  if (typeof userId !== "string" || !USER.test(userId)) return NO_USER;
  if (orgId === undefined || orgId === null || orgId === "") return undefined;
  if (typeof orgId === "string" && ORGANIZATION.test(orgId)) return undefined;
  return "not an organization ID: those begin with org_";
}

/**
 * Parses a row of JSON. Returns its object, or why it has none.
 *
 * @param {string} json
 * @returns {{ object: Record<string, unknown>, reason?: undefined } | { object?: undefined, reason: string }}
 */
export function parseJson(json) {
  if (json.trim().startsWith("["))
    return { reason: "a JSON array: write one object a line, as jq -c '.[]' does" };
  try {
    return { object: Object(JSON.parse(json)) };
  } catch {
    return { reason: "not JSON" };
  }
}

/**
 * Returns a name in the form in which names are compared: "User ID", "user_id" and "userId" are the same.
 *
 * @param {string} name
 */
export function plain(name) {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

/**
 * Adds the last line of a row with several lines to `reason`, since users may be hidden in it.
 *
 * @param {string} reason
 * @param {import("./rows.js").Row} row
 */
export function withEnd(reason, { line, lastLine }) {
  return lastLine > line ? `${reason} (the row ends in line ${lastLine})` : reason;
}

/** @param {string[]} cells */
function hasTwoUsers(cells) {
  return cells.filter((cell) => USER.test(cell)).length > 1;
}
