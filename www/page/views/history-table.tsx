// Shows the entries of the history as a table, by day, each with its details folded away.
import { useState } from "preact/hooks";

import type { Entry } from "../../contract.ts";
import { Button, CopyButton } from "../parts/button.tsx";
import { ErrorView } from "../parts/error-view.tsx";
import { Facts } from "../parts/facts.tsx";
import { useRevoke } from "../parts/revoke-button.tsx";
import { Status } from "../parts/status.tsx";
import { Table } from "../parts/table.tsx";
import { filters, reload, showRun } from "../state/history.ts";
import { linkFor, markShared } from "../state/links.ts";
import { day, dayAndTime, duration, timeOfDay } from "../format.ts";

const COLUMNS = ["When", "Action", "User ID and reason", "Status"];

export function HistoryTable({ entries }: { entries: Entry[] }) {
  const actions = <span class="for-readers">Actions</span>;
  // In the reader's own time zone.
  const days = Map.groupBy(entries, ({ begunAt }) => day(begunAt));
  return (
    <Table columns={[...COLUMNS, actions]}>
      {[...days].map(([name, ofDay]) => (
        <tbody key={name}>
          <tr class="day">
            <th scope="rowgroup" colSpan={5}>
              {name}
            </th>
          </tr>
          {ofDay.map((entry) => (
            <EntryRows key={entry.id} entry={entry} />
          ))}
        </tbody>
      ))}
    </Table>
  );
}

function EntryRows({ entry }: { entry: Entry }) {
  const [isOpen, setOpen] = useState(false);
  const { isBusy, failure, revoke } = useRevoke({ ...entry, tokenId: entry.tokenId ?? "" }, reload);
  const isActive = entry.operation === "create" && entry.state === "active";
  return (
    <>
      <tr tabIndex={-1} class={isOpen ? "open" : undefined}>
        <td class="wide when">
          {timeOfDay(entry.begunAt)}
          <p class="muted">{entry.actor}</p>
        </td>
        <td class="operation">{entry.operation === "create" ? "Create" : "Revoke"}</td>
        <th scope="row">
          <p class="id">{entry.userId ?? entry.tokenId ?? "Not an ID"}</p>
          {entry.reason && <p class="muted reason">{entry.reason}</p>}
        </th>
        <td>
          <Status of={entry.state} />
          {isActive && <p class="muted">until {dayAndTime(entry.expiresAt ?? 0)}</p>}
        </td>
        <td class="wide actions">
          {isActive && (
            <Button
              aria-label={`Revoke the link for ${entry.userId}`}
              busy={isBusy && "Revoking…"}
              onClick={revoke}
            >
              Revoke
            </Button>
          )}
          <Button
            class="quiet"
            aria-expanded={isOpen}
            aria-label="Details"
            onClick={() => setOpen(!isOpen)}
          />
        </td>
      </tr>
      {(isOpen || failure) && (
        <tr class="details">
          <td class="wide" colSpan={5}>
            <div class="stack">
              {failure && <ErrorView failure={failure} operation="revoke" retry={revoke} />}
              {isOpen && <EntryFacts {...entry} />}
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

function EntryFacts({ tokenId, expiresInSeconds, expiresAt, runId, fileName, ...entry }: Entry) {
  const link = linkFor(tokenId ?? "");
  return (
    <>
      <Facts
        of={[
          ["Token ID", tokenId, "id"],
          ["Organization ID", entry.orgId, "id"],
          ["Lifetime", expiresInSeconds && duration(expiresInSeconds * 1000)],
          ["Expires", expiresAt && dayAndTime(expiresAt)],
          ["By", entry.actor],
          ["Run", runId && (fileName ?? "Without a file")],
          ["Run ID", runId, "id"],
          ["Error", entry.errorCode, "id"],
          ["Trace ID", entry.traceId, "id"],
        ]}
      />
      <div class="buttons">
        {link?.url && (
          <CopyButton text={link.url} onCopied={() => markShared(link)}>
            Copy link
          </CopyButton>
        )}
        {runId && runId !== filters.value.run && (
          <Button onClick={() => showRun(runId)}>Show this run</Button>
        )}
      </div>
    </>
  );
}
