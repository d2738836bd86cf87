// Writes results as CSV behind a list's own columns: what stays out, and what is no formula.
import Papa from "papaparse";

import { plain } from "./columns.ts";

/**
 * The columns of the results. A `state` is "created", "failed", "unknown", "not_sent", "revoked"
 * (or could not be used any more), or "not_usable" for a row that names no user.
 */
export const COLUMNS =
  "line user_id state url token token_id expires_at code error clerk_trace_id".split(" ");

/**
 * A cell that a spreadsheet may read as a formula. Papa's own pattern stops at a line end. A sign
 * before digits alone, as in a phone number, names no function and no cell: it does no harm.
 */
export const FORMULA = /^\s*([=@\uFF1D\uFF20]|[+\-\uFF0B\uFF0D](?![\d ()./-]*$))|^[\t\r\n]/;

/** How CSV is written: its separator, and whether all cells are in quotes. */
export type Format = { delimiter?: string; quotes?: boolean };

/** Matches the columns of Clerk's own export that help to sign somebody in, and the like. */
const SECRET = /password|totp|secret|backupcode/;

/** Returns whether a column may contain secrets, and must not be passed on. */
export const isSecret = (name: string) => SECRET.test(plain(name));

/** Returns the text of a row, without the cells of columns that may contain secrets. */
export function textOf(cells: string[], names: string[]) {
  return cells.filter((_, index) => !isSecret(names[index] ?? "")).join(", ");
}

/**
 * Returns the text of a line of JSON, without the fields that may contain secrets; empty if they
 * cannot be told apart.
 */
export function textOfJson(json: string, object?: Record<string, unknown>) {
  if (!isSecret(json)) return json.trim();
  if (!object) return "";
  const fields = Object.entries(object).filter(([name]) => !isSecret(name));
  return JSON.stringify(Object.fromEntries(fields));
}

/** Returns the names of columns, none of which is that of a result or of an earlier one. */
export function distinct(names: string[], results: string[]) {
  const taken = new Set(results);
  return names.map((name) => {
    let free = name;
    for (let n = 1; taken.has(free); n++) free = n === 1 ? `input_${name}` : `input_${name}_${n}`;
    taken.add(free);
    return free;
  });
}

/** Returns rows as CSV, each with its line end. */
export function csvOf(rows: unknown[][], format: Format = {}) {
  const newline = "\r\n";
  const texts = rows.map((cells) => cells.map(cellText));
  return `${Papa.unparse(texts, { ...format, newline, escapeFormulae: FORMULA })}${newline}`;
}

export function cellText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
