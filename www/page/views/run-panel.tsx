// Shows a run: its progress, rate and pauses, then the actions on its results.
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { ErrorView } from "../parts/error-view.tsx";
import { Facts } from "../parts/facts.tsx";
import { Icon } from "../parts/icon.tsx";
import { Progress } from "../parts/progress.tsx";
import { UnknownSteps } from "../parts/unknown-steps.tsx";
import { confirm } from "../state/confirmation.ts";
import { showRun } from "../state/history.ts";
import { mayLeave } from "../state/leaving.ts";
import { handOver } from "../state/links.ts";
import { download, runCsv } from "../state/run-csv.ts";
import { type Run, run as current } from "../state/run.ts";
import { goTo } from "../state/view.ts";
import { dayAndTime, duration } from "../time.ts";
import type { Row } from "../types.ts";
import { type Filter, RunTable } from "./run-table.tsx";

export function RunPanel({ run }: { run: Run }) {
  const [filter, setFilter] = useState<Filter>("all");
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), [run]);
  const { activity, problem, counts } = run;
  const rows = filter === "all" ? run.rows : run.rowsIn(filter);
  return (
    <section class="card run" tabIndex={-1} aria-labelledby="run-title">
      <div class="title">
        <h1 id="run-title" ref={heading} tabIndex={-1}>
          {titleOf(run)}
        </h1>
        <div class="buttons">
          {activity.value ? (
            <button
              type="button"
              onClick={() => run.cancel()}
              aria-disabled={run.ending.value === "cancelled"}
            >
              <Icon name="x" />
              {run.ending.value === "cancelled" ? "Stopping…" : "Cancel"}
            </button>
          ) : (
            <button type="button" onClick={newRun}>
              <Icon name="plus" />
              New run
            </button>
          )}
        </div>
      </div>
      <RunProgress run={run} />
      {problem.value && <ErrorView failure={{ error: problem.value, at: 0 }} operation="create" />}
      {!activity.value && <Actions run={run} rows={rows} filter={filter} />}
      {!activity.value && counts.unknown > 0 && <Unknown run={run} />}
      <RunTable run={run} rows={rows} filter={filter} onFilter={setFilter} />
      <Summary run={run} />
    </section>
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
    <Progress max={total} value={finished} labelledBy="run-title" waiting={waiting}>
      <span>
        <strong>{finished.toLocaleString()}</strong> of {total.toLocaleString()} ({percent}%)
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
  return (
    <Facts
      of={[
        ["List", fileName ?? "Pasted"],
        ["Lifetime", duration(expiresInSeconds * 1000)],
        ["Reason", reason],
        ["Begun", dayAndTime(run.begunAt)],
        ["Took", !run.isBusy && duration(run.took)],
        ["Run ID", run.id, "id"],
      ]}
    >
      <button type="button" onClick={() => show(run)}>
        <Icon name="history" />
        Show in History
      </button>
    </Facts>
  );
}

function Actions({ run, rows, filter }: { run: Run; rows: Row[]; filter: Filter }) {
  const { created } = run.counts;
  const again = run.rowsToRetry;
  const ofFilter = filter === "all" ? "" : `-${filter}`;
  const save = () => {
    download(runCsv(run.list, rows), `sign-in-links${ofFilter}.csv`);
    handOver(...rows.flatMap(({ link }) => link ?? []));
  };
  return (
    <div class="buttons">
      {rows.length > 0 && (
        <button type="button" class="primary" onClick={save}>
          <Icon name="download" />
          {ofFilter ? `Download CSV (${rows.length.toLocaleString()})` : "Download CSV"}
        </button>
      )}
      {again.length > 0 && (
        <button type="button" onClick={() => run.create(again)}>
          <Icon name="retry" />
          {labelOf(again)} ({again.length.toLocaleString()})
        </button>
      )}
      {created > 0 && (
        <button type="button" class="danger-outline" onClick={() => revokeAll(run)}>
          <Icon name="ban" />
          Revoke all ({created.toLocaleString()})
        </button>
      )}
    </div>
  );
}

function show(run: Run) {
  showRun(run.id);
  goTo("history");
}

function labelOf(again: Row[]) {
  if (again.every(({ status }) => status === "waiting")) return "Create the rest";
  return again.some(({ status }) => status === "failed") ? "Retry failed" : "Ask again";
}

function Unknown({ run }: { run: Run }) {
  const { unknown } = run.counts;
  const one = unknown === 1;
  return (
    <div class="callout doubtful">
      <Icon name="unknown" />
      <div>
        <h2>
          {one
            ? "1 link may have been created"
            : `${unknown.toLocaleString()} links may have been created`}
        </h2>
        <p>
          Clerk’s answer was lost. The run does not create {one ? "it" : "them"} again by itself.
        </p>
        <UnknownSteps />
        <button type="button" onClick={() => createUnknown(run)}>
          <Icon name="retry" />
          Create again ({unknown.toLocaleString()})
        </button>
      </div>
    </div>
  );
}

async function newRun() {
  if (await mayLeave("Start a new run")) current.value = undefined;
}

async function revokeAll(run: Run) {
  const { created } = run.counts;
  const asked = await confirm({
    title: `Revoke ${created.toLocaleString()} ${created === 1 ? "link" : "links"}?`,
    text: "The links of this run stop working, including those you handed over. This cannot be undone.",
    action: "Revoke all",
    isDangerous: true,
    withReason: true,
  });
  if (asked) run.revokeAll(asked.reason);
}

async function createUnknown(run: Run) {
  const asked = await confirm({
    title: "Create these links again?",
    text: "If the first request created a link, the user will have two. Check Clerk’s Application Logs first.",
    action: "Create again",
    isDangerous: true,
  });
  if (asked) run.create(run.rowsIn("unknown"));
}
