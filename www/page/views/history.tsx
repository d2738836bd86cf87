// Shows every link created or revoked: by whom, for whom, why, and what became of it. Never the
// link itself.
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../parts/icon.tsx";
import { Progress } from "../parts/progress.tsx";
import {
  downloadCsv,
  entries,
  failure,
  isFiltered,
  isLoading,
  loadMore,
  next,
  reload,
} from "../state/history.ts";
import { revokeMatching, revoking, summaryOf } from "../state/revoking.ts";
import { session } from "../state/session.ts";
import { HistoryFilters } from "./history-filters.tsx";
import { HistoryTable } from "./history-table.tsx";
import { RevokeById } from "./revoke-by-id.tsx";

export function History() {
  const [isByIdShown, setByIdShown] = useState(false);
  useEffect(() => {
    reload();
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
          <button type="button" onClick={downloadCsv}>
            <Icon name="download" />
            Download CSV
          </button>
          <button type="button" onClick={reload} aria-busy={isLoading.value}>
            <Icon name="retry" />
            Refresh
          </button>
        </div>
      </div>
      {isByIdShown && <RevokeById />}
      <HistoryFilters />
      <Matching />
      {failure.value && (
        <p class="callout bad" role="alert">
          <Icon name="warning" />
          {failure.value}
        </p>
      )}
      {entries.value.length > 0 && <HistoryTable entries={entries.value} />}
      {entries.value.length === 0 && !failure.value && <p class="empty card">{emptyText()}</p>}
      {next.value && (
        <button type="button" class="centre" onClick={loadMore}>
          Show more
        </button>
      )}
    </div>
  );
}

function emptyText() {
  if (isLoading.value) return "Loading…";
  return isFiltered() ? "No entries match these filters." : "No links yet.";
}

/** Acts on all that the filters show, also on what is on no page yet. */
function Matching() {
  const work = revoking.value;
  if (work?.isBusy)
    return (
      <section class="card" tabIndex={-1} aria-labelledby="revoking-title">
        <div class="title">
          <h2 id="revoking-title">Revoking links</h2>
          <button type="button" onClick={() => work.batch.stop()}>
            <Icon name="x" />
            Cancel
          </button>
        </div>
        <Progress
          max={work.total}
          value={work.revoked + work.ended + work.failed}
          labelledBy="revoking-title"
          waiting={work.batch.waiting.value}
        >
          {summaryOf(work)}
        </Progress>
      </section>
    );
  return (
    <>
      {work && (
        <p class={`callout ${work.revoked < work.total ? "doubtful" : "good"}`}>
          <Icon name="ban" />
          <span>
            {summaryOf(work)} {work.problem}
          </span>
        </p>
      )}
      {isFiltered() && entries.value.some(({ state }) => state === "active") && (
        <div class="buttons">
          <button type="button" class="danger-outline" onClick={revokeMatching}>
            <Icon name="ban" />
            Revoke all that match
          </button>
        </div>
      )}
    </>
  );
}
