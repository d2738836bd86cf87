// The layout of the pages, and texts that they share.
import { html } from "hono/html";

/** @typedef {ReturnType<typeof html>} Html */

/**
 * Returns a page.
 *
 * @param {{ title: string, script?: string }} page `script` is a file of public/
 * @param {Html} content
 */
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

/**
 * Returns a text such as "1,200 links".
 *
 * @param {number} amount
 * @param {string} noun
 */
export function count(amount, noun) {
  return `${amount.toLocaleString("en")} ${noun}${amount === 1 ? "" : "s"}`;
}

/** Returns the name of a run: the start of its ID. */
export const shortId = (/** @type {string} */ id) => id.slice(0, 8);

/** Returns a time such as "2026-11-24 18:45 UTC". */
export const time = (/** @type {number} */ ms) =>
  `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

const BADGES = {
  loading: ["Loading", "neutral"],
  running: ["Running", "neutral"],
  paused: ["Paused", "doubtful"],
  finished: ["Finished", "good"],
};

/** @param {import("./results.js").Phase} state */
export function badge(state) {
  const [word, tone] = BADGES[state];
  return html`<span class="badge ${tone}">${word}</span>`;
}
