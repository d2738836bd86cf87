// Shows the entries of the history as a table, each with its details folded away.
import { useState } from "preact/hooks";

import { CopyButton } from "../parts/copy-button.tsx";
import { ErrorView } from "../parts/error-view.tsx";
import { Icon } from "../parts/icon.tsx";
import { useRevoke } from "../parts/revoke-button.tsx";
import { Status } from "../parts/status.tsx";
import { now } from "../state/clock.ts";
import { handOver, linkFor } from "../state/links.ts";
import { dayAndTime, duration } from "../time.ts";
import type { StatusName } from "../parts/status.tsx";
import type { Entry } from "../types.ts";

export function HistoryTable({ entries, onChange }: { entries: Entry[]; onChange: () => void }) {
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
      <tbody>
        {entries.map((entry) => (
          <EntryRows key={entry.id} entry={entry} onChange={onChange} />
        ))}
      </tbody>
    </table>
  );
}

function EntryRows({ entry, onChange }: { entry: Entry; onChange: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const { isBusy, failure, revoke } = useRevoke(
    { ...entry, tokenId: entry.tokenId ?? "" },
    onChange,
  );
  const state = stateOf(entry);
  return (
    <>
      <tr tabIndex={-1} class={isOpen ? "open" : undefined}>
        <td class="wide when">
          {dayAndTime(entry.begunAt)}
          <p class="muted">{entry.actor}</p>
        </td>
        <td class="operation">{entry.operation === "create" ? "Create" : "Revoke"}</td>
        <th scope="row">
          <p class="id">{entry.userId ?? entry.tokenId ?? "Not an ID"}</p>
          {entry.reason && <p class="muted reason">{entry.reason}</p>}
        </th>
        <td>
          <Status of={state} />
          {state === "active" && <p class="muted">until {dayAndTime(entry.expiresAt ?? 0)}</p>}
        </td>
        <td class="wide actions">
          {state === "active" && (
            <button
              type="button"
              class="danger-outline small"
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
            {isOpen && <EntryFacts entry={entry} />}
          </td>
        </tr>
      )}
    </>
  );
}

function EntryFacts({ entry }: { entry: Entry }) {
  const { tokenId, orgId, expiresInSeconds, expiresAt, traceId, errorCode, actor } = entry;
  const facts: [string, string | number | null | undefined, string?][] = [
    ["Token ID", tokenId, "id"],
    ["Organization ID", orgId, "id"],
    ["Lifetime", expiresInSeconds && duration(expiresInSeconds * 1000)],
    ["Expires", expiresAt && dayAndTime(expiresAt)],
    ["By", actor],
    ["Error", errorCode, "id"],
    ["Trace ID", traceId, "id"],
  ];
  const link = linkFor(tokenId ?? "");
  return (
    <>
      <dl class="facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value, kind]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class={kind}>{value}</dd>
            </div>
          ))}
      </dl>
      {link?.url && (
        <CopyButton text={link.url} label="Copy link" onCopied={() => handOver(link)} />
      )}
    </>
  );
}

/**
 * Returns the present status of a created link; for anything else, the outcome of the request.
 */
function stateOf({ operation, state, outcome, ended, expiresAt }: Entry): StatusName {
  if (state) return state;
  if (operation !== "create" || outcome !== "created") return outcome;
  return ended ?? ((expiresAt ?? 0) <= now.value ? "expired" : "active");
}
