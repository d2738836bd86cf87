// Writes a run as CSV: the list's own columns, then the result of each line. It contains working links.
import { COLUMNS, csvOf, distinct } from "../../lists/index.ts";

/** @import { Row, RowStatus } from "../types" */

/**
 * The statuses that have another name in results.
 *
 * @type {Partial<Record<RowStatus, string>>}
 */
const STATES = { waiting: "not_sent", skipped: "not_usable", not_pending: "revoked" };

/**
 * @param {{ columns: string[] }} run
 * @param {Row[]} rows
 */
export function runCsv({ columns }, rows) {
  const isUser = (/** @type {number} */ at) =>
    columns[at] === "user_id" &&
    rows.every(({ cells, userId, status }) => status === "skipped" || cells[at] === userId);
  const own = [...columns.keys()].filter((at) => !isUser(at));
  const names = own.map((at) => columns[at]);
  const csv = csvOf([
    [...distinct(names, COLUMNS), ...COLUMNS],
    ...rows.map((row) => [...own.map((at) => row.cells[at]), ...resultOf(row)]),
  ]);
  return csv.slice(0, -2);
}

/** Returns an example to fill in. */
export function templateCsv() {
  return "user_id,org_id,email\r\nuser_2abcDEFghiJKLmnoPQRstuVWXyz,,name@example.com\r\n";
}

/**
 * Downloads a CSV file.
 *
 * @param {string} csv
 * @param {string} name
 */
export function download(csv, name) {
  const url = URL.createObjectURL(new Blob(["\uFEFF", csv], { type: "text/csv;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

/** @param {Row} row */
function resultOf({ line, userId, status, link, error, message, traceId }) {
  const expiresAt = link && new Date(link.expiresAt).toISOString();
  const state = STATES[status] ?? status;
  const { url, tokenId } = { url: undefined, tokenId: undefined, ...link };
  return [line, userId, state, url, undefined, tokenId, expiresAt, error, message, traceId];
}
