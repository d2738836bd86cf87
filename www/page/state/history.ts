// Loads, filters and searches the history, from the edge function or from this tab.
import { signal } from "@preact/signals";

import { nextLogin, session } from "./session.ts";
import { listEntries } from "./tab-history.ts";
import type { Entry } from "../types.ts";

export const filters = signal({ outcome: "", search: "" });
export const entries = signal<Entry[]>([]);
/** Where the next page begins; `null` after the last one. */
export const next = signal<string | null>(null);
export const isLoading = signal(false);
export const failure = signal("");

/** How long to wait for the next key before a search is sent. */
const TYPING_MS = 300;

/** The number of the latest request: answers to earlier ones are dropped. */
let latest = 0;
let typing: number | undefined;

/** Reads the newest entries that match the filters. */
export function load() {
  clearTimeout(typing);
  return read(null, []);
}

/** Reads the page after those that are shown. */
export function loadMore() {
  return read(next.value, entries.value);
}

export function filter(changes: Partial<typeof filters.value>) {
  filters.value = { ...filters.value, ...changes };
  return load();
}

/** Searches once nobody has typed for a moment. */
export function search(text: string) {
  filters.value = { ...filters.value, search: text };
  clearTimeout(typing);
  typing = window.setTimeout(load, TYPING_MS);
}

async function read(before: string | null, shown: Entry[]) {
  if (session.value.history === "tab") {
    entries.value = listEntries(filters.value);
    return;
  }
  const request = ++latest;
  isLoading.value = true;
  failure.value = "";
  try {
    const { outcome, search } = filters.value;
    const state = outcome === "created" ? "active" : outcome;
    const page = await fetchPage({ state, search, before: before ?? "" });
    if (request !== latest) return;
    entries.value = [...shown, ...page.entries];
    next.value = page.next;
  } catch {
    if (request === latest) failure.value = "The history could not be read. Try again.";
  } finally {
    if (request === latest) isLoading.value = false;
  }
}

async function fetchPage(
  query: Record<string, string>,
): Promise<{ entries: Entry[]; next: string | null }> {
  for (;;) {
    const response = await fetch(`/history?${new URLSearchParams(query)}`, { redirect: "manual" });
    if (response.ok) return response.json();
    if (response.status !== 401 && response.type !== "opaqueredirect")
      throw new Error("no history");
    await nextLogin();
  }
}
