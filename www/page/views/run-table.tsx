// Shows the rows of a run, filtered by status and paged: 100,000 rows draw as fast as a few.
import { useRef, useState } from "preact/hooks";

import { number } from "../format.ts";
import { Button } from "../parts/button.tsx";
import { Status } from "../parts/status.tsx";
import { Table, Tabs } from "../parts/table.tsx";
import type { Run } from "../state/run.ts";
import type { Row, RowStatus } from "../types.ts";

export type Filter = RowStatus | "all";

const PAGE = 25;

/** Always shown; the others once there are any. */
const ALWAYS: Filter[] = ["all", "created", "skipped", "failed", "unknown"];

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
  const choose = (name: Filter) => {
    onFilter(name);
    setPage(name === "all" && run.isBusy ? undefined : 0);
  };
  return (
    <>
      <Tabs of={tabsOf(run)} chosen={filter} onChoose={choose}>
        {run.isBusy && !isFollowing && (
          <Button onClick={() => choose("all")}>Follow the run</Button>
        )}
      </Tabs>
      {shown.length > 0 ? <Rows of={shown} /> : <p class="empty">No lines with this result.</p>}
      {rows.length > PAGE && (
        <div class="pages">
          <Button aria-disabled={at === 0} onClick={() => setPage(Math.max(0, at - 1))}>
            Previous
          </Button>
          <p>
            {number(at * PAGE + 1)} to {number(at * PAGE + shown.length)} of {number(rows.length)}
          </p>
          <Button aria-disabled={at === last} onClick={() => setPage(Math.min(last, at + 1))}>
            Next
          </Button>
        </div>
      )}
    </>
  );
}

/** Whether the run is at work on a row of this status. */
const isAtWork = ({ activity }: Run, status: RowStatus) =>
  status === (activity.value === "revoke" ? "created" : "sending");

function tabsOf({ rows, counts }: Run) {
  const all = { ...counts, all: rows.length };
  return FILTERS.filter(([name]) => ALWAYS.includes(name) || all[name] > 0).map(
    ([name, title]) => [name, `${title} ${number(all[name])}`] as const,
  );
}

const Rows = ({ of }: { of: Row[] }) => (
  <Table columns={["Line", "User", "Result", "Details"]}>
    <tbody>
      {of.map(({ line, name, userId, status, link, message, traceId }) => (
        <tr key={line}>
          <td class="line">{number(line)}</td>
          <th scope="row">
            {name && <p>{name}</p>}
            <p class="id">{userId}</p>
          </th>
          <td>
            <Status of={status} />
          </td>
          <td class="wide">
            {message && <p>{message.charAt(0).toUpperCase() + message.slice(1)}</p>}
            {link && <p class="id muted">{link.tokenId}</p>}
            {!link && traceId && (
              <p class="muted">
                Trace ID <code>{traceId}</code>
              </p>
            )}
          </td>
        </tr>
      ))}
    </tbody>
  </Table>
);
