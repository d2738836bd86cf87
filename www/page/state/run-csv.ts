// Writes a run as CSV: the list's own columns, then the result of each line. It contains working links.
import { COLUMNS, csvOf, distinct } from "../../lists/index.ts";
import type { Row, RowStatus } from "../types.ts";

/** The statuses that have another name in results. */
const STATES: Partial<Record<RowStatus, string>> = {
  waiting: "not_sent",
  skipped: "not_usable",
  not_pending: "revoked",
};

export function runCsv({ columns }: { columns: string[] }, rows: Row[]) {
  const isUser = (at: number) =>
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

/** Downloads a CSV file. */
export function download(csv: string, name: string) {
  const url = URL.createObjectURL(new Blob(["\uFEFF", csv], { type: "text/csv;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

function resultOf({ line, userId, status, link, error, message, traceId }: Row) {
  const expiresAt = link && new Date(link.expiresAt).toISOString();
  const state = STATES[status] ?? status;
  const { url, tokenId } = { url: undefined, tokenId: undefined, ...link };
  return [line, userId, state, url, undefined, tokenId, expiresAt, error, message, traceId];
}
