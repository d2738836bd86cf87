// Shows one run: its progress, a button to pause or resume it, its results as CSV, the lines that were skipped.
import { html } from "hono/html";

import { badge, count, layout, shortId, time } from "./layout.js";

/**
 * @typedef {import("./results.js").Counts} Counts
 * @typedef {import("./results.js").Phase} Phase
 * @typedef {import("./results.js").Problems} Problems
 */

/**
 * @param {import("./results.js").Run} run
 * @param {Counts} counts
 * @param {Problems} problems
 */
export function runPage(run, counts, problems) {
  const { id, phase, createdAt, done, total } = { ...run, ...counts };
  const title = `Run ${shortId(id)}`;
  return layout(
    { title, script: phase === "finished" ? undefined : "run.js" },
    html`<p><a href="/">All runs</a></p>
      <section class="card">
        <div class="title">
          <h1>${title}</h1>
          ${badge(phase)} ${action(id, phase)}
        </div>
        <p class="muted">Uploaded ${time(createdAt)}</p>
        <progress
          max="${total}"
          value="${done}"
          aria-label="Progress"
          data-counts="/runs/${id}/counts"
          data-phase="${phase}"
        ></progress>
        <p>
          <strong data-count="done">${done.toLocaleString("en")}</strong> of
          <span data-count="total">${total.toLocaleString("en")}</span>
        </p>
        ${phase === "finished" ? "" : html`<noscript><meta http-equiv="refresh" content="5" /></noscript>`}
        ${results(id, counts)}
      </section>
      ${counts.unknown > 0 ? unknown(counts.unknown) : ""}
      ${problems.length > 0 ? problemsList(problems) : ""}`,
  );
}

/**
 * @param {string} id
 * @param {Phase} phase
 */
function action(id, phase) {
  if (phase === "finished") return "";
  const name = phase === "paused" ? "resume" : "pause";
  return html`<form method="post" action="/runs/${id}/${name}">
    <button>${name === "pause" ? "Pause" : "Resume"}</button>
  </form>`;
}

/** @type {[state: "created" | "failed" | "unknown" | "queued" | "sending", name: string, meaning: string][]} */
const STATES = [
  ["created", "Created", "These links sign people in. Treat the file like a list of passwords."],
  ["failed", "Failed", "No link was created."],
  ["unknown", "Unknown", "A link may exist that nobody has."],
  ["queued", "Queued", "Not started yet."],
  ["sending", "In flight", "Sent to Clerk, no answer yet."],
];

/**
 * @param {string} id
 * @param {Counts} counts
 */
function results(id, counts) {
  const row = (/** @type {typeof STATES[number]} */ [state, name, meaning]) =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="number" data-count="${state}">${counts[state].toLocaleString("en")}</td>
      <td class="muted wide-only">${meaning}</td>
      <td><a href="/runs/${id}/results.csv?state=${state}" aria-label="CSV: ${name}">CSV</a></td>
    </tr>`;
  return html`<table>
      <thead>
        <tr>
          <th scope="col">Result</th>
          <th scope="col" class="number">Users</th>
          <th scope="col" class="wide-only">Meaning</th>
          <th scope="col">Download</th>
        </tr>
      </thead>
      <tbody>
        ${STATES.map(row)}
      </tbody>
    </table>
    <p><a class="button primary" href="/runs/${id}/results.csv">Download all results</a></p>`;
}

/** @param {number} amount */
function unknown(amount) {
  return html`<section class="card doubtful">
    <h2>${count(amount, "link")} may have been created</h2>
    <p>Clerk’s answer was lost. The run does not try these users again.</p>
    <ol>
      <li>
        In the Clerk Dashboard, open Application Logs. Look for the event
        <code>sign_in_token.created</code> for each of these users. Logs are kept for 1, 7 or 30
        days, depending on your plan.
      </li>
      <li>
        If you find it, a link exists that nobody has. Revoke it by its token ID, or let it expire.
      </li>
      <li>If it is not there after some minutes, no link exists. Upload the user again.</li>
    </ol>
  </section>`;
}

/** @param {Problems} problems */
function problemsList(problems) {
  return html`<section class="card">
    <h2>Skipped lines</h2>
    <ul>
      ${problems.map(({ line, reason }) => html`<li>${line ? `Line ${line}: ` : ""}${reason}</li>`)}
    </ul>
  </section>`;
}
