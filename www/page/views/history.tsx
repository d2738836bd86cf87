// Shows every link created or revoked: by whom, for whom, why, and the outcome. Never the link itself.
import { useEffect, useRef, useState } from "preact/hooks";

import { ErrorView } from "../parts/error-view.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { useRevoke } from "../parts/revoke-button.tsx";
import {
  entries,
  failure,
  filter,
  filters,
  isLoading,
  load,
  loadMore,
  next,
  search,
} from "../state/history.ts";
import { problemOfId } from "../state/new-link.ts";
import { session } from "../state/session.ts";
import { HistoryTable } from "./history-table.tsx";

const OUTCOMES = [
  ["", "All"],
  ["created", "Created"],
  ["revoked", "Revoked"],
  ["failed", "Failed"],
  ["unknown", "Unknown"],
];

export function History() {
  const [isByIdShown, setByIdShown] = useState(false);
  useEffect(() => {
    load();
  }, []);
  return (
    <div class="stack">
      <div class="title">
        <div>
          <h1>History</h1>
          <p class="muted">
            {session.value.history === "database"
              ? "Every link that anyone created or revoked on this page. Stored in this deployment’s database."
              : "Every link created or revoked in this tab. Stored in this tab until you close it."}
          </p>
        </div>
        <div class="buttons">
          <button
            type="button"
            aria-expanded={isByIdShown}
            onClick={() => setByIdShown(!isByIdShown)}
          >
            Revoke by token ID
            <Icon name="chevron" />
          </button>
          <button type="button" onClick={load} aria-busy={isLoading.value}>
            <Icon name="retry" />
            Refresh
          </button>
        </div>
      </div>
      {isByIdShown && <RevokeById />}
      <Filters />
      {failure.value && (
        <p class="note wrong" role="alert">
          <Icon name="warning" />
          {failure.value}
        </p>
      )}
      {entries.value.length > 0 ? (
        <HistoryTable entries={entries.value} onChange={load} />
      ) : (
        <p class="empty card">{isLoading.value ? "Loading…" : emptyText(filters.value)}</p>
      )}
      {next.value && (
        <button type="button" class="centre" onClick={loadMore}>
          Show more
        </button>
      )}
    </div>
  );
}

function Filters() {
  const { outcome, search: text } = filters.value;
  return (
    <div class="filters">
      <div class="tabs" role="group" aria-label="Show">
        {OUTCOMES.map(([name, title]) => (
          <button
            key={name}
            type="button"
            aria-pressed={outcome === name}
            onClick={() => filter({ outcome: name })}
          >
            {title}
          </button>
        ))}
      </div>
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          aria-label="Search by ID, person or reason"
          placeholder="ID, person or reason"
          value={text}
          onInput={({ currentTarget }) => search(currentTarget.value)}
          onKeyDown={({ key }) => key === "Enter" && load()}
        />
      </label>
    </div>
  );
}

function emptyText({ outcome, search }: { outcome: string; search: string }) {
  return outcome || search ? "No entries match these filters." : "No links yet.";
}

/** Revokes a token that the history does not list, such as one from Clerk's logs. */
function RevokeById() {
  const [id, setId] = useState("");
  const [problem, setProblem] = useState<string>();
  const tokenId = id.trim();
  const { isBusy, failure, revoke } = useRevoke({ tokenId }, () => {
    setId("");
    load();
  });
  const input = useRef<HTMLInputElement>(null);
  const change = (text: string) => {
    setId(text);
    setProblem(undefined);
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = problemOfId(tokenId, "sit", "token ID");
    setProblem(found);
    return found ? input.current?.focus() : revoke();
  };
  return (
    <form class="card column" tabIndex={-1} aria-labelledby="by-id-title" onSubmit={onSubmit}>
      <h2 id="by-id-title">Revoke a link by its token ID</h2>
      <Field
        label="Token ID"
        problem={problem}
        hint="For a link that is not listed here, such as one from Clerk’s Application Logs."
      >
        {(props) => (
          <input
            ref={input}
            type="text"
            class="id"
            name="tokenId"
            placeholder="sit_…"
            autocomplete="off"
            spellcheck={false}
            value={id}
            onInput={({ currentTarget }) => change(currentTarget.value)}
            {...props}
          />
        )}
      </Field>
      {failure && <ErrorView failure={failure} operation="revoke" />}
      <button class="danger-outline" aria-busy={isBusy}>
        <Icon name="ban" />
        {isBusy ? "Revoking…" : "Revoke"}
      </button>
    </form>
  );
}
