// Shows the entries of the history as a table, by day, each with its details folded away.
import { useState } from "preact/hooks";

import type { Entry } from "../../contract.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { ErrorView } from "../parts/error-view.tsx";
import { Facts } from "../parts/facts.tsx";
import { Icon } from "../parts/icon.tsx";
import { useRevoke } from "../parts/revoke-button.tsx";
import { Status } from "../parts/status.tsx";
import { filters, reload, showRun } from "../state/history.ts";
import { handOver, linkFor } from "../state/links.ts";
import { day, dayAndTime, duration, timeOfDay } from "../time.ts";

export function HistoryTable({ entries }: { entries: Entry[] }) {
  return (
    <table class="cards-on-phones history">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Action</th>
          <th scope="col">User ID and reason</th>
          <th scope="col">Status</th>
          <th scope="col">
            <span class="for-readers">Actions</span>
          </th>
        </tr>
      </thead>
      {[...byDay(entries)].map(([name, ofDay]) => (
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
    </table>
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
            <button
              type="button"
              class="small"
              aria-busy={isBusy}
              aria-label={`Revoke the link for ${entry.userId}`}
              onClick={revoke}
            >
              {isBusy ? "Revoking…" : "Revoke"}
            </button>
          )}
          <button
            type="button"
            class="quiet small"
            aria-expanded={isOpen}
            aria-label="Details"
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="chevron" />
          </button>
        </td>
      </tr>
      {(isOpen || failure) && (
        <tr class="details">
          <td colSpan={5}>
            {failure && <ErrorView failure={failure} operation="revoke" retry={revoke} />}
            {isOpen && <EntryFacts {...entry} />}
          </td>
        </tr>
      )}
    </>
  );
}

function EntryFacts({ tokenId, expiresInSeconds, expiresAt, runId, fileName, ...entry }: Entry) {
  const link = linkFor(tokenId ?? "");
  return (
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
    >
      {link?.url && (
        <CopyButton text={link.url} label="Copy link" onCopied={() => handOver(link)} />
      )}
      {runId && runId !== filters.value.run && (
        <button type="button" onClick={() => showRun(runId)}>
          Show this run
        </button>
      )}
    </Facts>
  );
}

/** In the reader's own time zone. */
function byDay(entries: Entry[]) {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = day(entry.begunAt);
    const known = days.get(name);
    if (known) known.push(entry);
    else days.set(name, [entry]);
  }
  return days;
}
