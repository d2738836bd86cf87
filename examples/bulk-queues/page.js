// The status page of a run: progress, pause and resume, what needs a look.
import { html } from "hono/html";

export function page({ id, state }, counts, problems) {
  const { queued, sending, created, failed, unknown } = counts;
  const total = queued + sending + created + failed + unknown;
  const isOver = state === "running" && queued + sending === 0;
  const action = state === "paused" ? "resume" : "pause";
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      ${isOver ? "" : html`<meta http-equiv="refresh" content="2" />`}
      <title>${isOver ? "Done" : `${created + failed + unknown} of ${total}`}</title>
      <body
        style="font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem"
      >
        <h1>Run ${id.slice(0, 8)}: ${isOver ? "done" : state}</h1>
        <p>
          <label
            >Progress
            <progress
              max="${total}"
              value="${created + failed + unknown}"
              style="width: 100%"
            ></progress
          ></label>
        </p>
        <p>
          ${created} created, ${failed} failed, ${unknown} unknown, ${queued + sending} to do, of
          ${total}.
        </p>
        <form method="post" action="/runs/${id}/${action}">
          <button>${action === "pause" ? "Pause" : "Resume"}</button>
        </form>
        <ul>
          <li>
            <a href="/runs/${id}/results.csv">All results, as CSV</a>: it holds the links that sign
            people in.
          </li>
          <li>
            <a href="/runs/${id}/results.csv?state=unknown">What needs a look</a>: a token may exist
            that nobody holds.
          </li>
          <li>
            <a href="/runs/${id}/results.csv?state=failed">What failed</a>: no token was made.
          </li>
        </ul>
        ${
          problems.length > 0
            ? html`<h2>Lines that are no users</h2>
                <ul>
                  ${problems.map(({ line, reason }) => html`<li>${line ? `Line ${line}: ` : ""}${reason}</li>`)}
                </ul>`
            : ""
        }
      </body>
    </html>`;
}
