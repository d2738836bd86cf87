// Shows the entries of the history as a table, each with its details folded away.
import { useState } from "preact/hooks";

import { CopyButton } from "../parts/copy-button.jsx";
import { ErrorView } from "../parts/error-view.jsx";
import { Icon } from "../parts/icon.jsx";
import { useRevoke } from "../parts/revoke-button.jsx";
import { Status } from "../parts/status.jsx";
import { now } from "../state/clock.js";
import { handOver, linkFor } from "../state/links.js";
import { dayAndTime, duration } from "../time.js";

/** @import { StatusName } from "../parts/status.jsx" */

/** @import { Entry } from "../types" */

/** @param {{ entries: Entry[], onChange: () => void }} props */
export function HistoryTable({ entries, onChange }) {
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

/** @param {{ entry: Entry, onChange: () => void }} props */
function EntryRows({ entry, onChange }) {
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

/** @param {{ entry: Entry }} props */
function EntryFacts({ entry }) {
  const { tokenId, orgId, expiresInSeconds, expiresAt, traceId, errorCode, actor } = entry;
  /** @type {[string, string | number | null | undefined, string?][]} */
  const facts = [
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
 *
 * @param {Entry} entry
 * @returns {StatusName}
 */
function stateOf({ operation, state, outcome, ended, expiresAt }) {
  if (state) return state;
  if (operation !== "create" || outcome !== "created") return outcome;
  return ended ?? ((expiresAt ?? 0) <= now.value ? "expired" : "active");
}
