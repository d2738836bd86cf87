// Keeps the history of a tab in sessionStorage, for deployments without a database, and answers as
// the edge function does. Never a token or a URL.
import {
  cellsOf,
  COLUMNS,
  type Entry,
  type HistoryFilters,
  type HistoryPage,
  type State,
  type TokenPage,
} from "../../contract.ts";
import { csvOf } from "../../lists/index.ts";

const KEY = "history";

/** The maximum of entries, because the storage is small. */
const KEPT = 2000;
const WRITE_EVERY_MS = 500;
const PAGE = 50;

/** As in the edge function: a request in flight for longer has an unknown outcome. */
const STALE_MS = 60_000;

const EMPTY = {
  ...{ reason: null, userId: null, orgId: null, tokenId: null, expiresInSeconds: null },
  ...{ expiresAt: null, errorCode: null, traceId: null, runId: null, fileName: null },
};

const entries: Entry[] = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");

let timer: number | undefined;

addEventListener("pagehide", write);

/** Records a request before it is sent. One that is sent again keeps its entry. */
export function beginEntry(entry: Partial<Entry> & Pick<Entry, "id" | "operation" | "actor">) {
  if (entries.some(({ id }) => id === entry.id)) return;
  entries.unshift({ ...EMPTY, ...entry, state: "sending", begunAt: Date.now() });
  entries.length = Math.min(entries.length, KEPT);
  save();
}

/** Records what became of a request. */
export function endEntry(id: string, changes: Partial<Entry>) {
  Object.assign(entries.find((entry) => entry.id === id) ?? {}, changes);
  save();
}

/** Returns the newest entries that match, and the start of the next page. */
export function pageOf({ before, limit, ...filters }: Record<string, string>): HistoryPage {
  const [from, most] = [Number(before ?? 0), Number(limit ?? PAGE)];
  const all = matching(filters);
  const end = from + most;
  return { entries: all.slice(from, end), next: end < all.length ? String(end) : null };
}

/** Returns the active links that match. */
export function tokensOf(filters: Record<string, string>): TokenPage {
  const active = matching(filters).filter(({ state }) => state === "active");
  const tokens = active.map(({ tokenId, userId }) => ({ tokenId: tokenId ?? "", userId }));
  return { count: tokens.length, tokens, next: null };
}

/** Returns all that match, as CSV. */
export const csvFor = (filters: Record<string, string>) =>
  csvOf([COLUMNS, ...matching(filters).map(cellsOf)]);

function matching(filters: Record<string, string>) {
  const ends = new Map<unknown, State>();
  for (const { operation, state, tokenId } of entries)
    if (operation === "revoke" && ["revoked", "not_pending"].includes(state))
      if (ends.get(tokenId) !== "revoked") ends.set(tokenId, state);
  const shown = entries.map((entry) => ({ ...entry, state: stateOf(entry, ends) }));
  return shown.filter((entry) =>
    Object.entries(filters).every(([name, text]) => is(entry, name, text)),
  );
}

/** Returns the state now. */
function stateOf(
  { operation, state, begunAt, tokenId, expiresAt }: Entry,
  ends: Map<unknown, State>,
) {
  if (state === "sending" && begunAt < Date.now() - STALE_MS) return "unknown";
  if (operation === "revoke" || state !== "active") return state;
  return ends.get(tokenId) ?? ((expiresAt ?? 0) <= Date.now() ? "expired" : "active");
}

/** Whether an entry matches a filter, as in the edge function. */
function is(entry: Entry, name: string, text: string) {
  const has = (...values: unknown[]) => values.join(" ").toLowerCase().includes(text.toLowerCase());
  const { state, actor, userId, reason, runId, begunAt } = entry;
  switch (name as keyof HistoryFilters) {
    case "state":
      return text === state || (text === "ended" && ["revoked", "not_pending"].includes(state));
    case "person":
      return has(actor, userId);
    case "reason":
      return has(reason);
    case "run":
      return runId === text;
    case "from":
      return begunAt >= Number(text);
    case "until":
      return begunAt < Number(text);
    default:
      return has(...Object.values({ ...entry, state: "", operation: "", id: "", errorCode: "" }));
  }
}

/** Writes at most twice a second: a run has a hundred entries a second. */
function save() {
  timer ??= window.setTimeout(write, WRITE_EVERY_MS);
}

function write() {
  clearTimeout(timer);
  timer = undefined;
  sessionStorage.setItem(KEY, JSON.stringify(entries));
}
