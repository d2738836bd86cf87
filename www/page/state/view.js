// Which view is shown: what the address says after the #, so that the browser's Back works.
import { signal } from "@preact/signals";

export const VIEWS = [
  ["new", "New link", "link"],
  ["bulk", "Bulk", "users"],
  ["history", "History", "history"],
];

export const titleOf = (name) => VIEWS.find(([known]) => known === name)[1];

export const view = signal(current());

addEventListener("hashchange", () => (view.value = current()));

export function goTo(name) {
  location.hash = name;
}

function current() {
  const name = location.hash.slice(1);
  return VIEWS.some(([known]) => known === name) ? name : "new";
}
