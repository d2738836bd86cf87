// Reads a list: finds the column with the user IDs, keeps the other columns, and reports rows that are not users.
import Papa from "papaparse";

/**
 * @typedef {{ line: number, userId: string, orgId?: string, cells: string[] }} User
 * @typedef {{ line: number, text: string, reason: string, cells: string[] }} Problem
 * @typedef {object} List
 * @property {User[]} users
 * @property {Problem[]} problems
 * @property {number} blank
 * @property {string[]} columns
 * @property {string[]} omitted
 *
 * @typedef {{ user?: number, organization?: number, reason?: string }} Columns
 * @typedef {object} TableRow
 * @property {number} line
 * @property {number} [lastLine]
 * @property {unknown} userId
 * @property {unknown} orgId
 * @property {string} [reason]
 * @property {string} text
 * @property {unknown[]} cells
 *
 * @typedef {{ rows: TableRow[], names: string[] }} Table
 */

const USER = /^user_\w+$/;
const ORGANIZATION = /^org_\w+$/;

/**
 * The names that a column may have, in lower case without separators. The first one that is present
 * counts.
 */
const USER_NAMES = ["userid", "clerkuserid", "clerkid", "id", "user"];
const ORGANIZATION_NAMES = ["orgid", "organizationid"];

/** Columns of Clerk's own export that must not be passed on. */
const SECRET_NAMES = ["passworddigest", "passwordhasher", "totpsecret", "backupcodes"];

/**
 * Reads IDs, CSV or lines of JSON: `{ users: [{ line, userId, orgId?, cells }], problems: [{ line, text, reason, cells }],
 * blank, columns, omitted }`, in the order of the lines. `cells` go with `columns`: all of the list's own but those `omitted`.
 *
 * @param {string} given
 * @returns {List}
 */
export function readList(given) {
  const text = given.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const { rows, names } = /^\s*[{[]/.test(text) ? readJson(text) : readCsv(text);
  const { kept, ...own } = columnsOf(names);
  /** @type {List} */
  const list = { users: [], problems: [], blank: blankLines(text), ...own };
  const lines = new Map();
  for (const { line, lastLine = line, userId, orgId, text, cells: all, reason } of rows) {
    const cells = kept.map((index) => cellText(all[index]));
    const problem = reason ?? reasonAgainst(userId, orgId, lines);
    if (problem) {
      const end = lastLine > line ? ` (the row ends in line ${lastLine})` : "";
      list.problems.push({ line, text: text.slice(0, 80), reason: problem + end, cells });
    } else {
      lines.set(userId, line);
      const organization = orgId ? { orgId: String(orgId) } : {};
      list.users.push({ line, userId: String(userId), ...organization, cells });
    }
  }
  return list;
}

/**
 * The first row may name the columns. Otherwise the user's column is the one with a `user_…`, and the organization's is the
 * next one.
 *
 * @param {string} text
 * @returns {Table}
 */
function readCsv(text) {
  let /** @type {Columns | undefined} */ columns;
  let /** @type {string[] | undefined} */ names;
  /** @type {(TableRow & { cells: string[] })[]} */
  const rows = [];
  for (const row of parse(text)) {
    const { cells, reason } = row;
    if (!names && !reason) {
      columns = namedColumns(cells);
      const isData = cells.length === 1 || cells.some((cell) => USER.test(cell));
      names = columns || !isData ? cells : [];
      if (columns) continue;
    }
    columns ??= unnamedColumns(cells);
    const [userId, orgId] = [cells[columns?.user ?? 0], cells[columns?.organization ?? -1]];
    rows.push({ ...row, userId, orgId, reason: reason ?? columns?.reason, text: cells.join(", ") });
    if (columns?.reason) columns = undefined;
  }
  const width = Math.max(0, ...new Set(rows.map(({ cells }) => cells.length)), names?.length ?? 0);
  return {
    rows,
    names: Array.from({ length: width }, (_, at) => nameOf(at, names ?? [], columns)),
  };
}

/**
 * @param {string} text
 * @returns {Table}
 */
function readJson(text) {
  /** @type {string[]} */
  const names = [];
  /** @type {(Omit<TableRow, "cells"> & { object: Record<string, unknown> })[]} */
  const rows = [];
  for (const [index, json] of text.split("\n").entries()) {
    if (json.trim() === "") continue;
    const { object = {}, reason } = parseJson(json);
    const own = Object.keys(object);
    for (const name of own) if (!names.includes(name)) names.push(name);
    const [userId, orgId] = [USER_NAMES, ORGANIZATION_NAMES].map(
      (wanted) => object[own[indexOfName(own, wanted)]],
    );
    rows.push({ line: index + 1, userId, orgId, reason, text: json.trim(), object });
  }
  const cellsOf = (/** @type {Record<string, unknown>} */ object) =>
    names.map((name) => object[name]);
  return { rows: rows.map(({ object, ...row }) => ({ ...row, cells: cellsOf(object) })), names };
}

/**
 * @param {string} json
 * @returns {{ object?: Record<string, unknown>, reason?: string }}
 */
function parseJson(json) {
  if (json.trim().startsWith("["))
    return { reason: "a JSON array: write one object a line, as jq -c '.[]' does" };
  try {
    return { object: Object(JSON.parse(json)) };
  } catch {
    return { reason: "not JSON" };
  }
}

/**
 * @param {string[]} cells
 * @returns {Columns | undefined}
 */
function namedColumns(cells) {
  const user = indexOfName(cells, USER_NAMES);
  return user < 0 ? undefined : { user, organization: indexOfName(cells, ORGANIZATION_NAMES) };
}

/**
 * @param {string[]} cells
 * @returns {Columns | undefined}
 */
function unnamedColumns(cells) {
  const user = cells.findIndex((cell) => USER.test(cell));
  if (user < 0) return undefined;
  if (cells.some((cell, index) => index > user && USER.test(cell)))
    return { reason: "more than one column holds a user ID: name the right one user_id" };
  return { user, organization: user + 1 };
}

/**
 * Returns the index of the first of the `wanted` names; -1 if there is none.
 *
 * @param {string[]} names
 * @param {string[]} wanted
 */
function indexOfName(names, wanted) {
  const own = names.map(plain);
  const found = wanted.find((name) => own.includes(name));
  return found === undefined ? -1 : own.indexOf(found);
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
 * @param {number} index
 * @param {string[]} names
 * @param {Columns} [columns]
 */
function nameOf(index, names, columns) {
  if (names[index]) return names[index];
  if (names.length === 0 && index === columns?.user) return "user_id";
  if (names.length === 0 && index === columns?.organization) return "org_id";
  return `column ${index + 1}`;
}

/**
 * `kept` are the indexes of the `columns`.
 *
 * @param {string[]} names
 */
function columnsOf(names) {
  const isSecret = (/** @type {string} */ name) => SECRET_NAMES.includes(plain(name));
  const kept = [...names.keys()].filter((index) => !isSecret(names[index]));
  return { kept, columns: kept.map((index) => names[index]), omitted: names.filter(isSecret) };
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function cellText(value) {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

/**
 * @param {unknown} userId
 * @param {unknown} orgId
 * @param {Map<string, number>} lines
 */
function reasonAgainst(userId, orgId, lines) {
  if (typeof userId !== "string" || !USER.test(userId))
    return "not a user ID: those begin with user_";
  const hasOrganization = orgId !== undefined && orgId !== null && orgId !== "";
  if (hasOrganization && !(typeof orgId === "string" && ORGANIZATION.test(orgId)))
    return "not an organization ID: those begin with org_";
  if (lines.has(userId)) return `the same user as in line ${lines.get(userId)}`;
  return undefined;
}

/**
 * The rows that are not blank, with the lines they begin and end in; a quoted cell may have several lines.
 *
 * @param {string} text
 */
function parse(text) {
  /** @type {{ line: number, lastLine: number, cells: string[], reason?: string }[]} */
  const rows = [];
  let [line, at] = [1, 0];
  Papa.parse(text, {
    delimiter: delimiterOf(text),
    newline: "\n",
    step({ data, errors, meta: { cursor } }) {
      const end = text[cursor - 1] === "\n" ? cursor - 1 : cursor;
      let lastLine = line;
      for (; at < end; at++) if (text[at] === "\n") lastLine++;
      const cells = data.map((/** @type {string} */ cell) => cell.trim());
      const reason = errors.length > 0 ? "a quote is not closed" : undefined;
      if (reason || cells.some(Boolean)) rows.push({ line, lastLine, cells, reason });
      line = lastLine + 1;
      at = cursor;
    },
  });
  return rows;
}

/**
 * Returns the most common separator in the first line that is not blank.
 *
 * @param {string} text
 */
function delimiterOf(text) {
  const [first = ""] = text.match(/^.*\S.*$/m) ?? [];
  const count = (/** @type {string} */ delimiter) => first.split(delimiter).length;
  return [",", ";", "\t"].reduce((a, b) => (count(b) > count(a) ? b : a));
}

/** @param {string} text */
function blankLines(text) {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .filter((line) => line.trim() === "").length;
}
