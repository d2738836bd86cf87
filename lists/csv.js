// Writes results as CSV behind a list's own columns: what stays out, and what a spreadsheet must not take for a formula.
import Papa from "papaparse";

import { plain } from "./columns.js";

/**
 * The columns of the results. A `state` is "created", "failed", "unknown", "not_sent", "revoked" (or could not be used any more),
 * or "not_usable" for a row that names no user.
 */
export const COLUMNS = [
  "line",
  "user_id",
  "state",
  "url",
  "token",
  "token_id",
  "expires_at",
  "code",
  "error",
  "clerk_trace_id",
];

/** A cell that a spreadsheet may read as a formula. Papa's own pattern stops at a line end. */
export const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;

/** Matches the columns of Clerk's own export that help to sign somebody in, and the like. */
const SECRET = /password|totp|secret|backupcode/;

/**
 * Returns whether a column may hold secrets, and must not be passed on.
 *
 * @param {string} name
 */
export function isSecret(name) {
  return SECRET.test(plain(name));
}

/**
 * Returns the text of a row, without the cells of columns that may hold secrets.
 *
 * @param {string[]} cells
 * @param {string[]} names of the columns
 */
export function textOf(cells, names) {
  return cells.filter((_, index) => !isSecret(names[index] ?? "")).join(", ");
}

/**
 * Returns the text of a line of JSON, without the fields that may hold secrets; empty if they cannot be told apart.
 *
 * @param {string} json
 * @param {Record<string, unknown>} [object] undefined if it is not JSON
 */
export function textOfJson(json, object) {
  if (!isSecret(json)) return json.trim();
  if (!object) return "";
  return JSON.stringify(
    Object.fromEntries(Object.entries(object).filter(([name]) => !isSecret(name))),
  );
}

/**
 * Returns the names of a list's columns. Renames those that a column of the results has, or an earlier one of the list.
 *
 * @param {string[]} names
 * @param {string[]} results the names of the columns of the results
 */
export function distinct(names, results) {
  const taken = new Set(results);
  return names.map((name) => {
    let free = name;
    for (let n = 1; taken.has(free); n++) free = n === 1 ? `input_${name}` : `input_${name}_${n}`;
    taken.add(free);
    return free;
  });
}

/**
 * Returns rows as CSV, each with its line end.
 *
 * @param {unknown[][]} rows
 */
export function csvOf(rows) {
  const newline = "\r\n";
  const texts = rows.map((cells) => cells.map(cellText));
  return `${Papa.unparse(texts, { newline, escapeFormulae: FORMULA })}${newline}`;
}

/**
 * Returns the text of a cell.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function cellText(value) {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
