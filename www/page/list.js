// Reads a list: finds the column with the user IDs, keeps the other columns, and reports rows that are not users.
import {
  hasUser,
  namedColumns,
  parseJson,
  reasonAgainst,
  reasonForCells,
  unnamedColumns,
  withEnd,
} from "../../lists/columns.js";
import { isSecret, textOf, textOfJson } from "../../lists/csv.js";
import { Rows } from "../../lists/rows.js";

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
 * @typedef {import("../../lists/columns.js").Columns} Columns
 * @typedef {import("../../lists/rows.js").Row} Row
 *
 * @typedef {object} TableRow
 * @property {Row} row
 * @property {unknown} [userId]
 * @property {unknown} [orgId]
 * @property {string} [reason]
 * @property {() => string} text
 * @property {unknown[]} cells
 *
 * @typedef {{ rows: TableRow[], names: string[] }} Table
 */

/**
 * Reads IDs, CSV or lines of JSON: `{ users: [{ line, userId, orgId?, cells }], problems: [{ line, text, reason, cells }],
 * blank, columns, omitted }`, in the order of the lines. `cells` go with `columns`: all of the list's own but those `omitted`.
 *
 * @param {string} given
 * @returns {List}
 */
export function readList(given) {
  const reader = new Rows();
  const read = [...reader.push(given), ...reader.end()];
  const { rows, names } = read.some(({ json }) => json !== undefined) ? ofJson(read) : ofCsv(read);
  const { kept, ...own } = columnsOf(names);
  /** @type {List} */
  const list = { users: [], problems: [], blank: blankLines(given), ...own };
  const lines = new Map();
  for (const { row, userId, orgId, text, cells: all, reason } of rows) {
    const cells = kept.map((index) => cellText(all[index]));
    const problem = reason ?? reasonAgainst(userId, orgId) ?? repetition(userId, lines);
    const { line } = row;
    if (problem) {
      const shown = text().slice(0, 80);
      list.problems.push({ line, text: shown, reason: withEnd(problem, row), cells });
    } else {
      lines.set(userId, line);
      const organization = orgId ? { orgId: String(orgId) } : {};
      list.users.push({ line, userId: String(userId), ...organization, cells });
    }
  }
  return list;
}

/**
 * The first row may name the columns.
 *
 * @param {Row[]} read
 * @returns {Table}
 */
function ofCsv(read) {
  let /** @type {Columns | undefined} */ columns;
  let /** @type {string[] | undefined} */ names;
  /** @type {(TableRow & { cells: string[] })[]} */
  const rows = [];
  for (const row of read) {
    const cells = (row.cells ?? []).map((cell) => cell.trim());
    if (!names && !row.reason) {
      columns = namedColumns(cells);
      names = columns || !(cells.length === 1 || hasUser(cells)) ? cells : [];
      if (columns) continue;
    }
    columns ??= unnamedColumns(cells);
    const [userId, orgId] = [cells[columns?.user ?? -1], cells[columns?.organization ?? -1]];
    const reason = row.reason ?? (columns ? undefined : reasonForCells(cells));
    const text = () => textOf(cells, names ?? []);
    rows.push({ row, userId, orgId, reason, text, cells });
  }
  const width = Math.max(0, ...new Set(rows.map(({ cells }) => cells.length)), names?.length ?? 0);
  return {
    rows,
    names: Array.from({ length: width }, (_, at) => nameOf(at, names ?? [], columns)),
  };
}

/**
 * Each line is a row, and the columns are the fields of all of them.
 *
 * @param {Row[]} read
 * @returns {Table}
 */
function ofJson(read) {
  /** @type {string[]} */
  const names = [];
  const rows = read.map((row) => {
    const { object, reason = row.reason } = row.json ? parseJson(row.json) : {};
    const text = () => textOfJson(row.json ?? "", object);
    const own = Object.keys(object ?? {});
    for (const name of own) if (!names.includes(name)) names.push(name);
    const { user = -1, organization = -1 } = namedColumns(own) ?? {};
    const [userId, orgId] = [object?.[own[user]], object?.[own[organization]]];
    return { row, userId, orgId, reason, text, object };
  });
  const cellsOf = (/** @type {Record<string, unknown> | undefined} */ object) =>
    names.map((name) => object?.[name]);
  return { rows: rows.map(({ object, ...row }) => ({ ...row, cells: cellsOf(object) })), names };
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
 * Returns the reason why a user that is in the list already is a problem.
 *
 * @param {unknown} userId
 * @param {Map<unknown, number>} lines
 */
function repetition(userId, lines) {
  return lines.has(userId) ? `the same user as in line ${lines.get(userId)}` : undefined;
}

/** @param {string} text */
function blankLines(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\n$/, "")
    .split("\n")
    .filter((line) => line.trim() === "").length;
}
