// Loads, filters and searches the history, from the edge function or from this tab.
import { signal } from "@preact/signals";

import {
  type Entry,
  type HistoryPage,
  type HistoryQuery,
  ROUTES,
  type TokenPage,
} from "../../contract.ts";
import { download } from "./run-csv.ts";
import { ask, session } from "./session.ts";
import { csvFor, pageOf, tokensOf } from "./tab-history.ts";

/** Days are as date fields give them. */
const NONE = { state: "", search: "", person: "", reason: "", run: "", from: "", until: "" };

type Filters = typeof NONE;

export const filters = signal(NONE);
export const entries = signal<Entry[]>([]);
/** Where the next page begins; `null` after the last one. */
export const next = signal<string | null>(null);
export const isLoading = signal(false);
export const failure = signal("");

/** How long to wait for the next key before a search is sent. */
const TYPING_MS = 300;
const PAGE = 50;
const LONGEST_PAGE = 1000;

/** The number of the latest request: answers to earlier ones are dropped. */
let latest = 0;
let typing: number | undefined;

export const isFiltered = () => Object.values(filters.value).some(Boolean);

/** Reads the newest entries that match the filters. */
export const load = () => read([], PAGE);

/** Reads all that are shown again, and a new one. */
export const reload = () => read([], Math.max(PAGE, entries.value.length + 1));

/** Reads the page after those that are shown. */
export const loadMore = () => read(entries.value, PAGE);

export function filter(changes: Partial<Filters>) {
  filters.value = { ...filters.value, ...changes };
  return load();
}

export const clearFilters = () => filter(NONE);

/** Shows one run alone. */
export const showRun = (run: string) => filter({ ...NONE, run });

/** Filters once nobody has typed for a moment. */
export function type(changes: Partial<Filters>) {
  filters.value = { ...filters.value, ...changes };
  clearTimeout(typing);
  typing = window.setTimeout(load, TYPING_MS);
}

/** Returns the active links that match. */
export async function matchingTokens() {
  const tokens: TokenPage["tokens"] = [];
  for (let before: string | null = ""; before !== null;) {
    const page: TokenPage = await fetched(ROUTES.tokens, tokensOf, { ...query(), before });
    tokens.push(...page.tokens);
    before = page.next;
  }
  return tokens;
}

/** Downloads all that match. */
export async function downloadCsv() {
  const isKept = session.value.history === "tab";
  try {
    const csv = isKept ? csvFor(query()) : await (await ask(addressOf(ROUTES.csv, query()))).text();
    download(csv, "sign-in-links-history.csv");
  } catch (error) {
    failure.value = `The history could not be read. ${(error as Error).message}`;
  }
}

/** Reads `count` entries behind those that are `shown`. */
async function read(shown: Entry[], count: number) {
  clearTimeout(typing);
  const request = ++latest;
  isLoading.value = true;
  failure.value = "";
  try {
    const read = [...shown];
    let before = shown.length > 0 ? next.value : "";
    do {
      const limit = String(Math.min(LONGEST_PAGE, shown.length + count - read.length));
      const asked = { ...query(), before: before ?? "", limit };
      const page: HistoryPage = await fetched(ROUTES.history, pageOf, asked);
      if (request !== latest) return;
      read.push(...page.entries);
      before = page.next;
    } while (before !== null && read.length < shown.length + count);
    entries.value = read;
    next.value = before;
  } catch (error) {
    if (request === latest)
      failure.value = `The history could not be read. ${(error as Error).message}`;
  } finally {
    if (request === latest) isLoading.value = false;
  }
}

/** Asks the edge function, or this tab. */
async function fetched<T>(
  path: string,
  inTab: (query: Record<string, string>) => T,
  asked: Record<string, string>,
): Promise<T> {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
  if (session.value.history === "tab") return inTab(given);
  return (await ask(addressOf(path, given))).json();
}

const addressOf = (path: string, asked: object) =>
  `${path}?${new URLSearchParams(asked as Record<string, string>)}`;

function query() {
  const { from, until, ...rest } = filters.value;
  const asked: Partial<Record<keyof HistoryQuery, string>> = {
    ...rest,
    from: startOf(from, 0),
    until: startOf(until, 1),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
}

/** Returns the start of the day that is so many days after `day`, in the reader's time zone. */
function startOf(day: string, days: number) {
  if (!day) return "";
  const start = new Date(`${day}T00:00`);
  start.setDate(start.getDate() + days);
  return String(start.getTime());
}
