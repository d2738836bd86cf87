// What the History view shows: the edge function's entries, or this tab's own, as the filters have it.
import { signal } from "@preact/signals";

import { nextLogin, session } from "./session.js";
import { listEntries } from "./tab-history.js";

export const filters = signal({ outcome: "", search: "" });
export const entries = signal([]);
/** Where the next page begins; `null` after the last one. */
export const next = signal(null);
export const isLoading = signal(false);
export const failure = signal("");

/** The latest request: what comes of earlier ones is too late. */
let latest = 0;

/** Reads the newest entries that the filters let through. */
export function load() {
  return read(null, []);
}

/** Reads the page after those that are shown. */
export function loadMore() {
  return read(next.value, entries.value);
}

export function filter(changes) {
  filters.value = { ...filters.value, ...changes };
  return load();
}

async function read(before, shown) {
  if (session.value.history === "tab") {
    entries.value = listEntries(filters.value);
    return;
  }
  const request = ++latest;
  isLoading.value = true;
  failure.value = "";
  try {
    const page = await fetchPage({ ...filters.value, before: before ?? "" });
    if (request !== latest) return;
    entries.value = [...shown, ...page.entries];
    next.value = page.next;
  } catch {
    if (request === latest) failure.value = "The history could not be read. Try again.";
  } finally {
    if (request === latest) isLoading.value = false;
  }
}

async function fetchPage(query) {
  for (;;) {
    const response = await fetch(`/history?${new URLSearchParams(query)}`, { redirect: "manual" });
    if (response.ok) return response.json();
    if (response.status !== 401 && response.type !== "opaqueredirect")
      throw new Error("no history");
    await nextLogin();
  }
}
