// The current view is the address's fragment, so that the Back button works.
import { signal } from "@preact/signals";
import { History, Link, UsersRound } from "lucide-static";

type ViewName = "new" | "bulk" | "history";

export const VIEWS: [ViewName, string, icon: string][] = [
  ["new", "New link", Link],
  ["bulk", "Bulk", UsersRound],
  ["history", "History", History],
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
