// Shows the rows of a run, filtered by status and paged: 100,000 rows draw as fast as a few.
import { useRef, useState } from "preact/hooks";

import { Status } from "../parts/status.tsx";
import type { Run } from "../state/run.ts";
import type { Row, RowStatus } from "../types.ts";

export type Filter = RowStatus | "all";

const PAGE = 25;

/** Always shown; the others once there are any. */
const ALWAYS: Filter[] = ["created", "skipped", "failed", "unknown"];

const FILTERS: [Filter, string][] = [
  ["all", "All"],
  ["created", "Created"],
  ["skipped", "Skipped"],
  ["failed", "Failed"],
  ["unknown", "Unknown"],
  ["revoked", "Revoked"],
  ["not_pending", "Used or revoked"],
  ["sending", "Sending"],
  ["waiting", "Not started"],
];

interface Props {
  run: Run;
  /** Those that `filter` shows. */
  rows: Row[];
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

export function RunTable({ run, rows, filter, onFilter }: Props) {
  const [page, setPage] = useState<number>();
  const followed = useRef(0);
  const isFollowing = run.isBusy && page === undefined && filter === "all";
  const work = isFollowing ? rows.findIndex(({ status }) => isAtWork(run, status)) : -1;
  if (work >= 0) followed.current = Math.floor(work / PAGE);
  const last = Math.max(0, Math.ceil(rows.length / PAGE) - 1);
  const at = Math.min(page ?? followed.current, last);
  const shown = rows.slice(at * PAGE, (at + 1) * PAGE);
  const { counts } = run;
  const filters = FILTERS.filter(
    ([name]) => name === "all" || ALWAYS.includes(name) || counts[name] > 0,
  );
  return (
    <>
      <div class="tabs" role="group" aria-label="Show">
        {filters.map(([name, title]) => (
          <button
            key={name}
            type="button"
            aria-pressed={filter === name}
            onClick={() => {
              onFilter(name);
              setPage(name === "all" && run.isBusy ? undefined : 0);
            }}
          >
            {title}{" "}
            <span class="count">
              {(name === "all" ? run.rows.length : counts[name]).toLocaleString()}
            </span>
          </button>
        ))}
        {run.isBusy && !isFollowing && (
          <button
            type="button"
            onClick={() => {
              onFilter("all");
              setPage(undefined);
            }}
          >
            Follow the run
          </button>
        )}
      </div>
      {shown.length > 0 ? <Table rows={shown} /> : <p class="empty">No lines with this result.</p>}
      {rows.length > PAGE && (
        <div class="pages">
          <button
            type="button"
            aria-disabled={at === 0}
            onClick={() => setPage(Math.max(0, at - 1))}
          >
            Previous
          </button>
          <p>
            {(at * PAGE + 1).toLocaleString()} to {(at * PAGE + shown.length).toLocaleString()} of{" "}
            {rows.length.toLocaleString()}
          </p>
          <button
            type="button"
            aria-disabled={at === last}
            onClick={() => setPage(Math.min(last, at + 1))}
          >
            Next
          </button>
        </div>
      )}
    </>
  );
}

/** Whether the run is at work on a row of this status. */
const isAtWork = ({ activity }: Run, status: RowStatus) =>
  status === (activity.value === "revoke" ? "created" : "sending");

function Table({ rows }: { rows: Row[] }) {
  return (
    <table class="cards-on-phones">
      <thead>
        <tr>
          <th scope="col">Line</th>
          <th scope="col">User</th>
          <th scope="col">Result</th>
          <th scope="col">Details</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.line}>
            <td class="line">{row.line.toLocaleString()}</td>
            <th scope="row">
              {row.name && <p>{row.name}</p>}
              <p class="id">{row.userId}</p>
            </th>
            <td>
              <Status of={row.status} />
            </td>
            <td class="wide">
              <Details {...row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Details({ link, message, traceId }: Row) {
  return (
    <>
      {message && <p class="message">{message.charAt(0).toUpperCase() + message.slice(1)}</p>}
      {link && <p class="id muted">{link.tokenId}</p>}
      {!link && traceId && (
        <p class="muted">
          Trace ID <code>{traceId}</code>
        </p>
      )}
    </>
  );
}
