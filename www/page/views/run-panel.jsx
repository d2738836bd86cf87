// Shows a run: its progress, rate and pauses, then the actions on its results.
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { ErrorView } from "../parts/error-view.jsx";
import { Icon } from "../parts/icon.jsx";
import { UnknownSteps } from "../parts/unknown-steps.jsx";
import { now } from "../state/clock.js";
import { confirm } from "../state/confirmation.js";
import { mayLeave } from "../state/leaving.js";
import { handOver } from "../state/links.js";
import { runCsv, download } from "../state/run-csv.js";
import { run as current } from "../state/run.js";
import { duration } from "../time.js";
import { RunTable } from "./run-table.jsx";

/**
 * @import { Progress, Wait } from "../state/progress.js"
 * @import { Run } from "../state/run.js"
 * @import { Row } from "../types"
 * @import { Filter } from "./run-table.jsx"
 */

/** @param {{ run: Run }} props */
export function RunPanel({ run }) {
  const [filter, setFilter] = useState(/** @type {Filter} */ ("all"));
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null));
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

/** @param {Run} run */
function titleOf({ activity, ending }) {
  if (activity.value) return activity.value === "create" ? "Creating links" : "Revoking links";
  return { done: "Run finished", cancelled: "Run cancelled", stopped: "Run stopped" }[
    ending.value ?? "done"
  ];
}

/** @param {{ run: Run }} props */
function RunProgress({ run }) {
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

/** @param {{ progress: Progress }} props */
function Speed({ progress }) {
  const { rate, left } = progress;
  if (left === undefined) return <span class="muted">Estimating the time left…</span>;
  return (
    <span class="muted">
      {rate.toLocaleString(undefined, { maximumFractionDigits: 1 })} per second, about{" "}
      {duration(left)} left
    </span>
  );
}

/** @param {{ why: Wait, until: number }} props */
function Pause({ why, until }) {
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

/** @param {{ run: Run, rows: Row[], filter: Filter }} props */
function Actions({ run, rows, filter }) {
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

/** @param {{ run: Run }} props */
function Unknown({ run }) {
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

/** @param {Run} run */
async function revokeAll(run) {
  const { created } = run.counts;
  const isSure = await confirm({
    title: `Revoke ${created.toLocaleString()} ${created === 1 ? "link" : "links"}?`,
    text: "The links of this run stop working, including those you handed over. This cannot be undone.",
    action: "Revoke all",
    isDangerous: true,
  });
  if (isSure) run.revokeAll();
}

/** @param {Run} run */
async function createUnknown(run) {
  const isSure = await confirm({
    title: "Create these links again?",
    text: "If the first request created a link, the user will have two. Check Clerk’s Application Logs first.",
    action: "Create again",
    isDangerous: true,
  });
  if (isSure) run.create("unknown");
}
