// Shows every link created or revoked: by whom, for whom, why, and what became of it. Never the
// link itself.
import { Ban, Download, RotateCw, X } from "lucide-static";
import { useEffect, useState } from "preact/hooks";

import { Button } from "../parts/button.tsx";
import { Callout, Card, Title } from "../parts/card.tsx";
import { Progress } from "../parts/progress.tsx";
import * as history from "../state/history.ts";
import { revokeMatching, revoking, summaryOf } from "../state/revoking.ts";
import { session } from "../state/session.ts";
import { HistoryFilters } from "./history-filters.tsx";
import { HistoryTable } from "./history-table.tsx";
import { RevokeById } from "./revoke-by-id.tsx";

const NOTES = {
  database:
    "Every link that anyone created or revoked on this page. " +
    "Stored in this deployment’s database.",
  tab: "Every link created or revoked in this tab. Stored in this tab until you close it.",
};

export function History() {
  const [isByIdShown, setByIdShown] = useState(false);
  const entries = history.entries.value;
  const failure = history.failure.value;
  const isLoading = history.isLoading.value;
  useEffect(() => {
    history.reload();
  }, []);
  return (
    <div class="stack">
      <Title of="History" note={NOTES[session.value.history]}>
        <div class="buttons">
          <Button aria-expanded={isByIdShown} onClick={() => setByIdShown(!isByIdShown)}>
            Revoke by token ID
          </Button>
          <Button icon={Download} onClick={history.downloadCsv}>
            Download CSV
          </Button>
          <Button icon={RotateCw} busy={isLoading && "Refresh"} onClick={history.reload}>
            Refresh
          </Button>
        </div>
      </Title>
      {isByIdShown && <RevokeById />}
      <HistoryFilters />
      <Matching />
      {failure && (
        <Callout tone="bad" role="alert">
          {failure}
        </Callout>
      )}
      {entries.length > 0 && <HistoryTable entries={entries} />}
      {entries.length === 0 && !failure && <p class="empty card">{emptyText()}</p>}
      {history.next.value && (
        <Button class="centre" onClick={history.loadMore}>
          Show more
        </Button>
      )}
    </div>
  );
}

function emptyText() {
  if (history.isLoading.value) return "Loading…";
  return history.isFiltered() ? "No entries match these filters." : "No links yet.";
}

/** Acts on all that the filters show, also on what is on no page yet. */
function Matching() {
  const work = revoking.value;
  if (work?.isBusy) {
    const cancel = (
      <Button icon={X} onClick={() => work.batch.stop()}>
        Cancel
      </Button>
    );
    return (
      <Card title="Revoking links" level="h2" beside={cancel}>
        <Progress
          label="Revoking links"
          max={work.total}
          value={work.revoked + work.not_pending + work.failed}
          waiting={work.batch.waiting.value}
        >
          {summaryOf(work)}
        </Progress>
      </Card>
    );
  }
  return (
    <>
      {work && (
        <Callout tone={work.revoked < work.total ? "doubtful" : "good"} icon={Ban}>
          {summaryOf(work)} {work.problem}
        </Callout>
      )}
      {history.isFiltered() && history.entries.value.some(({ state }) => state === "active") && (
        <div class="buttons">
          <Button class="danger-outline" icon={Ban} onClick={revokeMatching}>
            Revoke all that match
          </Button>
        </div>
      )}
    </>
  );
}
