// Asks before links get lost: on leaving or reloading the page, on a log-out, on a new run.
import { confirm } from "./confirmation.js";
import { waitingLinks } from "./links.js";
import { run } from "./run.js";

/** @import { Link } from "../types" */

let isLeaving = false;

/** Has the browser ask before the page goes away with links that nobody else has, or in the middle of a run. */
export function guardLinks() {
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && (waitingLinks().length > 0 || run.value?.isBusy)) event.preventDefault();
  });
}

/**
 * Resolves with whether nothing would be lost, or may be. `action` is what is about to be done, such as "Log out".
 *
 * @param {string} action
 * @returns {Promise<boolean>}
 */
export async function mayLeave(action) {
  const links = waitingLinks();
  const parts = [];
  if (run.value?.isBusy) parts.push("A run is still going on. It would stop.");
  if (links.length > 0) parts.push(lossOf(links));
  if (parts.length === 0) return true;
  return confirm({
    title: `${action}?`,
    text: parts.join(" "),
    action: `${action} anyway`,
    isDangerous: true,
  });
}

/**
 * The page goes away on purpose: nobody is asked again.
 *
 * @param {string} [path]
 */
export function leaveTo(path) {
  isLeaving = true;
  if (path) location.assign(path);
  else location.reload();
}

/** @param {Link[]} links */
function lossOf({ length }) {
  return length === 1
    ? "One link was neither copied nor downloaded. It cannot be shown again."
    : `${length.toLocaleString()} links were neither copied nor downloaded. They cannot be shown again.`;
}
