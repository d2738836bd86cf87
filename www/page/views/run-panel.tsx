// Shows a run: its progress, rate and pauses, then the actions on its results.
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { ErrorView } from "../parts/error-view.tsx";
import { Icon } from "../parts/icon.tsx";
import { UnknownSteps } from "../parts/unknown-steps.tsx";
import { now } from "../state/clock.ts";
import { confirm } from "../state/confirmation.ts";
import { mayLeave } from "../state/leaving.ts";
import { handOver } from "../state/links.ts";
import { runCsv, download } from "../state/run-csv.ts";
import { run as current } from "../state/run.ts";
import { duration } from "../time.ts";
import { RunTable } from "./run-table.tsx";
import type { Progress, Wait } from "../state/progress.ts";
import type { Run } from "../state/run.ts";
import type { Row } from "../types.ts";
import type { Filter } from "./run-table.tsx";

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
  const { progress, activity } = run;
  const { finished, total } = progress;
  const percent = total > 0 ? Math.floor((finished * 100) / total) : 100;
  return (
    <div class="progress">
      <progress max={total} value={finished} aria-labelledby="run-title" />
      <p class="figures">
        <span>
          <strong>{finished.toLocaleString()}</strong> of {total.toLocaleString()} ({percent}%)
        </span>
        {activity.value && !progress.waiting.value && <Speed progress={progress} />}
      </p>
      {activity.value && progress.waiting.value && <Pause {...progress.waiting.value} />}
    </div>
  );
}

function Speed({ progress }: { progress: Progress }) {
  const { rate, left } = progress;
  if (left === undefined) return <span class="muted">Estimating the time left…</span>;
  return (
    <span class="muted">
      {rate.toLocaleString(undefined, { maximumFractionDigits: 1 })} per second, about{" "}
      {duration(left)} left
    </span>
  );
}

function Pause({ why, until }: { why: Wait; until: number }) {
  const left = until > now.value ? `in ${duration(until - now.value)}` : "now";
  const texts = {
    rate_limit: `Paused: Clerk’s rate limit is reached. The run continues ${left}.`,
    outage: `Paused: too many requests failed in a row. The run tries one ${left}.`,
    login: "Paused until you log in.",
  };
  return (
    <p class="callout doubtful">
      <Icon name="pause" />
      <span>{texts[why]}</span>
    </p>
  );
}

function Actions({ run, rows, filter }: { run: Run; rows: Row[]; filter: Filter }) {
  const { created, failed, waiting } = run.counts;
  const again = failed + waiting;
  const save = () => {
    download(
      runCsv(run, rows),
      filter === "all" ? "sign-in-links.csv" : `sign-in-links-${filter}.csv`,
    );
    handOver(...rows.flatMap(({ link }) => link ?? []));
  };
  return (
    <div class="buttons">
      <button type="button" class="primary" onClick={save}>
        <Icon name="download" />
        {filter === "all" ? "Download CSV" : `Download CSV (${rows.length.toLocaleString()})`}
      </button>
      {again > 0 && (
        <button type="button" onClick={() => run.create("failed", "waiting")}>
          <Icon name="retry" />
          {failed > 0
            ? `Retry failed (${again.toLocaleString()})`
            : `Create the rest (${again.toLocaleString()})`}
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
  const isSure = await confirm({
    title: `Revoke ${created.toLocaleString()} ${created === 1 ? "link" : "links"}?`,
    text: "The links of this run stop working, including those you handed over. This cannot be undone.",
    action: "Revoke all",
    isDangerous: true,
  });
  if (isSure) run.revokeAll();
}

async function createUnknown(run: Run) {
  const isSure = await confirm({
    title: "Create these links again?",
    text: "If the first request created a link, the user will have two. Check Clerk’s Application Logs first.",
    action: "Create again",
    isDangerous: true,
  });
  if (isSure) run.create("unknown");
}
