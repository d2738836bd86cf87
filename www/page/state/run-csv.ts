// Writes a run as CSV: the list's own columns, then the result of each line. It has working links.
import { COLUMNS, csvOf, distinct } from "../../lists/index.ts";
import type { List } from "../list.ts";
import type { Link, Row, RowStatus } from "../types.ts";

/** The statuses that have another name in results. */
const STATES: Partial<Record<RowStatus, string>> = {
  waiting: "not_sent",
  skipped: "not_usable",
  not_pending: "revoked",
};

export function runCsv({ columns, csv }: Pick<List, "columns" | "csv">, rows: Row[]) {
  const isUser = (at: number) =>
    columns[at] === "user_id" &&
    rows.every(({ cells, userId, status }) => status === "skipped" || cells[at] === userId);
  const own = [...columns.keys()].filter((at) => !isUser(at));
  const names = own.map((at) => columns[at]);
  const header = [...distinct(names, COLUMNS), ...COLUMNS];
  const results = rows.map((row) => [...own.map((at) => row.cells[at]), ...resultOf(row)]);
  return csvOf([header, ...results], csv).slice(0, -2);
}

/** An example to fill in. */
export const TEMPLATE =
  "user_id,org_id,email\r\nuser_2abcDEFghiJKLmnoPQRstuVWXyz,,name@example.com\r\n";

/** Downloads a CSV file. */
export function download(csv: string, name: string) {
  const text = csv.replace(/^\uFEFF?/, "\uFEFF");
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

function resultOf({ line, userId, status, link, error, message, traceId }: Row) {
  const known: Partial<Link> = link ?? {};
  const { url, tokenId, expiresAt } = known;
  const expires = expiresAt && new Date(expiresAt).toISOString();
  const state = STATES[status] ?? status;
  return [
    line,
    userId,
    state,
    url,
    undefined,
    tokenId,
    expires,
    error,
    message,
    traceId ?? known.traceId,
  ];
}
