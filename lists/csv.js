// The rules for a CSV file with the columns of a list: what stays out of it, and what a spreadsheet must not take for a formula.
import { plain } from "./columns.js";

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
