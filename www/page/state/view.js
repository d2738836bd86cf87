// The current view is the address's fragment, so that the Back button works.
import { signal } from "@preact/signals";

/** @import { IconName } from "../parts/icon.jsx" */
/** @typedef {"new" | "bulk" | "history"} ViewName */

/** @type {[ViewName, string, IconName][]} */
export const VIEWS = [
  ["new", "New link", "link"],
  ["bulk", "Bulk", "users"],
  ["history", "History", "history"],
];

/** @param {ViewName} name */
export const titleOf = (name) => VIEWS.find(([known]) => known === name)?.[1] ?? "";

export const view = signal(current());

addEventListener("hashchange", () => (view.value = current()));

/** @param {ViewName} name */
export function goTo(name) {
  location.hash = name;
}

/** @returns {ViewName} */
function current() {
  const name = location.hash.slice(1);
  return VIEWS.find(([known]) => known === name)?.[0] ?? "new";
}
