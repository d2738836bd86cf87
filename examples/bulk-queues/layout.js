// The frame of every page.
import { html } from "hono/html";

/** `script` is a file of public/, if the page has one. */
export function layout({ title, script }, content) {
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/style.css" />
      ${script ? html`<script type="module" src="/${script}"></script>` : ""}
      <body>
        <header><a href="/">Sign-in links in bulk</a></header>
        <main>${content}</main>
      </body>
    </html>`;
}

/** "1,200 links". */
export function count(amount, noun) {
  return `${amount.toLocaleString("en")} ${noun}${amount === 1 ? "" : "s"}`;
}

/** The first 8 characters of a run's ID. */
export const shortId = (id) => id.slice(0, 8);

/** "2026-11-24 18:45 UTC". */
export const time = (ms) => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

const BADGES = {
  loading: ["Loading", "neutral"],
  running: ["Running", "neutral"],
  paused: ["Paused", "doubtful"],
  finished: ["Finished", "good"],
};

export function badge(state) {
  const [word, tone] = BADGES[state];
  return html`<span class="badge ${tone}">${word}</span>`;
}
