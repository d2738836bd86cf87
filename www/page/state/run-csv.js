// Writes a run as CSV: the list's own columns, then the result of each line. It contains working links.
import Papa from "papaparse";

import { distinct, FORMULA } from "../../../lists/csv.js";

/** @import { Row } from "../types" */

const COLUMNS = [
  "line",
  "status",
  "token_id",
  "url",
  "expires_at",
  "error",
  "message",
  "clerk_trace_id",
];

/**
 * @param {{ columns: string[] }} run
 * @param {Row[]} rows
 */
export function csvOf({ columns }, rows) {
  const own = distinct(columns, COLUMNS);
  const withUser = own.includes("user_id") ? [] : ["user_id"];
  const fields = [...own, ...withUser, ...COLUMNS];
  const data = rows.map((row) => [
    ...row.cells,
    ...withUser.map(() => row.userId),
    ...resultOf(row),
  ]);
  return Papa.unparse({ fields, data }, { escapeFormulae: FORMULA, newline: "\r\n" });
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
function resultOf({ line, status, link, error, message, traceId }) {
  return [
    line,
    status === "waiting" ? "not_started" : status,
    link?.tokenId,
    link?.url,
    link && new Date(link.expiresAt).toISOString(),
    error,
    message,
    traceId,
  ];
}
