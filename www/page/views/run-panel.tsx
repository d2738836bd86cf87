// Shows a run: its progress, rate and pauses, then the actions on its results.
import { Ban, Download, History, Plus, RotateCw, X } from "lucide-static";
import { useState } from "preact/hooks";

import { Button } from "../parts/button.tsx";
import { Callout, Card } from "../parts/card.tsx";
import { ErrorView, UnknownSteps } from "../parts/error-view.tsx";
import { Facts } from "../parts/facts.tsx";
import { Progress } from "../parts/progress.tsx";
import { confirm } from "../state/confirmation.ts";
import { showRun } from "../state/history.ts";
import { mayLeave } from "../state/leaving.ts";
import { markShared } from "../state/links.ts";
import { TWO_LINKS } from "../state/new-link.ts";
import { download, runCsv } from "../state/run-csv.ts";
import { type Run, run as current } from "../state/run.ts";
import { goTo } from "../state/view.ts";
import { counted, dayAndTime, duration, number } from "../format.ts";
import type { Row } from "../types.ts";
import { type Filter, RunTable } from "./run-table.tsx";

export function RunPanel({ run }: { run: Run }) {
  const [filter, setFilter] = useState<Filter>("all");
  const { isBusy, problem, counts } = run;
  const rows = filter === "all" ? run.rows : run.rowsIn(filter);
  return (
    <Card class="run" title={titleOf(run)} focusOn={run} beside={<MainButton run={run} />}>
      <RunProgress run={run} />
      {problem.value && <ErrorView failure={{ error: problem.value, at: 0 }} operation="create" />}
      {!isBusy && <Actions run={run} rows={rows} filter={filter} />}
      {!isBusy && counts.unknown > 0 && <Unknown run={run} />}
      <RunTable run={run} rows={rows} filter={filter} onFilter={setFilter} />
      <Summary run={run} />
    </Card>
  );
}

function MainButton({ run }: { run: Run }) {
  if (!run.isBusy)
    return (
      <Button icon={Plus} onClick={newRun}>
        New run
      </Button>
    );
  const isStopping = run.ending.value === "cancelled";
  return (
    <Button icon={X} aria-disabled={isStopping} onClick={() => run.cancel()}>
      {isStopping ? "Stopping…" : "Cancel"}
    </Button>
  );
}

function titleOf({ activity, ending }: Run) {
  if (activity.value) return activity.value === "create" ? "Creating links" : "Revoking links";
  return { done: "Run finished", cancelled: "Run cancelled", stopped: "Run stopped" }[
    ending.value ?? "done"
  ];
}

function RunProgress({ run }: { run: Run }) {
  const { finished, total, percent } = run.progress;
  const { waiting } = run;
  return (
    <Progress label={titleOf(run)} max={total} value={finished} waiting={waiting}>
      <span>
        <strong>{number(finished)}</strong> of {number(total)} ({percent}%)
      </span>
      {run.isBusy && !waiting && <Speed {...run.progress} />}
    </Progress>
  );
}

function Speed({ rate, left }: Run["progress"]) {
  if (left === undefined) return <span class="muted">Estimating the time left…</span>;
  return (
    <span class="muted">
      {rate.toLocaleString(undefined, { maximumFractionDigits: 1 })} per second, about{" "}
      {duration(left)} left
    </span>
  );
}

/** What somebody needs who looks for the run later. */
function Summary({ run }: { run: Run }) {
  const { fileName, expiresInSeconds, reason } = run.options;
  const show = () => {
    showRun(run.id);
    goTo("history");
  };
  return (
    <div class="stack">
      <Facts
        of={[
          ["List", fileName ?? "Pasted"],
          ["Lifetime", duration(expiresInSeconds * 1000)],
          ["Reason", reason],
          ["Begun", dayAndTime(run.begunAt)],
          ["Took", !run.isBusy && duration(run.took)],
          ["Run ID", run.id, "id"],
        ]}
      />
      <div class="buttons">
        <Button icon={History} onClick={show}>
          Show in History
        </Button>
      </div>
    </div>
  );
}

function Actions({ run, rows, filter }: { run: Run; rows: Row[]; filter: Filter }) {
  const { created } = run.counts;
  const again = run.rowsToRetry;
  const ofFilter = filter === "all" ? "" : `-${filter}`;
  const save = () => {
    download(runCsv(run.list, rows), `sign-in-links${ofFilter}.csv`);
    markShared(...rows.flatMap(({ link }) => link ?? []));
  };
  return (
    <div class="buttons">
      {rows.length > 0 && (
        <Button class="primary" icon={Download} onClick={save}>
          {ofFilter ? `Download CSV (${number(rows.length)})` : "Download CSV"}
        </Button>
      )}
      {again.length > 0 && (
        <Button icon={RotateCw} onClick={() => run.create(again)}>
          {labelOf(again)} ({number(again.length)})
        </Button>
      )}
      {created > 0 && (
        <Button class="danger-outline" icon={Ban} onClick={() => revokeAll(run)}>
          Revoke all ({number(created)})
        </Button>
      )}
    </div>
  );
}

function labelOf(again: Row[]) {
  if (again.every(({ status }) => status === "waiting")) return "Create the rest";
  return again.some(({ status }) => status === "failed") ? "Retry failed" : "Ask again";
}

function Unknown({ run }: { run: Run }) {
  const { unknown } = run.counts;
  const them = unknown === 1 ? "it" : "them";
  return (
    <Callout tone="doubtful" title={`${counted(unknown, "link")} may have been created`}>
      <p>Clerk’s answer was lost. The run does not create {them} again by itself.</p>
      <UnknownSteps />
      <Button icon={RotateCw} onClick={() => createUnknown(run)}>
        Create again ({number(unknown)})
      </Button>
    </Callout>
  );
}

async function newRun() {
  if (await mayLeave("Start a new run")) current.value = undefined;
}

async function revokeAll(run: Run) {
  const { created } = run.counts;
  const asked = await confirm({
    title: `Revoke ${counted(created, "link")}?`,
    text:
      "The links of this run stop working, including those you shared. " + "This cannot be undone.",
    action: "Revoke all",
    withReason: true,
  });
  if (asked) run.revokeAll(asked.reason);
}

async function createUnknown(run: Run) {
  const asked = await confirm({
    title: "Create these links again?",
    text: TWO_LINKS,
    action: "Create again",
  });
  if (asked) run.create(run.rowsIn("unknown"));
}
