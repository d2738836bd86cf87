// The start page: uploads a list, and lists the runs.
import { html } from "hono/html";

import { badge, layout, shortId, time } from "./layout.js";

/** @typedef {(import("./results.js").Run & import("./results.js").Counts)[]} Runs */

/** @param {Runs} runs */
export function runsPage(runs) {
  return layout(
    { title: "Sign-in links in bulk", script: "upload.js" },
    html`<form class="card" id="upload">
        <h1>New run</h1>
        <label>
          List of users
          <input
            type="file"
            name="file"
            required
            accept=".csv,.txt,.ndjson,.jsonl,text/csv,text/plain"
          />
        </label>
        <p class="muted">
          CSV with the columns <code>user_id</code> and <code>org_id</code>, one user ID per line,
          or one JSON object per line.
        </p>
        <label>
          Each link works for
          <select name="expiresInSeconds">
            <option value="3600">1 hour</option>
            <option value="86400">1 day</option>
            <option value="604800" selected>7 days</option>
            <option value="2592000">30 days</option>
          </select>
        </label>
        <p id="problem" role="alert"></p>
        <p><button class="primary">Upload and start</button></p>
      </form>
      <section class="card">
        <h2>Runs</h2>
        ${runs.length > 0 ? table(runs) : html`<p class="muted">No runs yet.</p>`}
      </section>`,
  );
}

/** @param {Runs} runs */
function table(runs) {
  const row = (/** @type {Runs[number]} */ { id, phase, createdAt, done, total }) =>
    html`<tr>
      <th scope="row"><a href="/runs/${id}">${shortId(id)}</a></th>
      <td class="wide-only">${time(createdAt)}</td>
      <td>${badge(phase)}</td>
      <td class="number">${done.toLocaleString("en")} of ${total.toLocaleString("en")}</td>
    </tr>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Run</th>
        <th scope="col" class="wide-only">Uploaded</th>
        <th scope="col">Status</th>
        <th scope="col" class="number">Done</th>
      </tr>
    </thead>
    <tbody>
      ${runs.map(row)}
    </tbody>
  </table>`;
}
