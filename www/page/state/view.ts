// The current view is the address's fragment, so that the Back button works.
import { signal } from "@preact/signals";
import type { IconName } from "../parts/icon.tsx";

export type ViewName = "new" | "bulk" | "history";

export const VIEWS: [ViewName, string, IconName][] = [
  ["new", "New link", "link"],
  ["bulk", "Bulk", "users"],
  ["history", "History", "history"],
];

export const titleOf = (name: ViewName) => VIEWS.find(([known]) => known === name)?.[1] ?? "";

export const view = signal(current());

addEventListener("hashchange", () => (view.value = current()));

export function goTo(name: ViewName) {
  location.hash = name;
}

function current(): ViewName {
  const name = location.hash.slice(1);
  return VIEWS.find(([known]) => known === name)?.[0] ?? "new";
}
