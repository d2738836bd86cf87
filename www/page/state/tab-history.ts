// Keeps the history of a tab in sessionStorage, for deployments without a database. Never a token or a URL.
import type { Entry, LinkEnd } from "../types.ts";

const KEY = "history";

/** The maximum of entries, because the storage is small. */
const KEPT = 2000;
const WRITE_EVERY_MS = 500;

/** As in the edge function: a request in flight for longer has an unknown outcome. */
const STALE_MS = 60_000;

const entries: Entry[] = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
const ENDS: LinkEnd[] = ["revoked", "not_pending"];

let writtenAt = 0;
let timer: number | undefined;

addEventListener("pagehide", write);

/** Records a request before it is sent. Returns the entry's ID. */
export function beginEntry(entry: Omit<Entry, "id" | "outcome" | "begunAt">) {
  const id = crypto.randomUUID();
  entries.unshift({ id, outcome: "sending", begunAt: Date.now(), ...entry });
  entries.length = Math.min(entries.length, KEPT);
  save();
  return id;
}

/** Records the outcome. */
export function endEntry(id: string, changes: Partial<Entry>) {
  Object.assign(entries.find((entry) => entry.id === id) ?? {}, changes);
  save();
}

/** Returns the matching entries, the newest first. */
export function listEntries({ outcome, search }: { outcome: string; search: string }): Entry[] {
  const shown = entries.map((entry) => ({
    ...entry,
    outcome: outcomeOf(entry),
    ended: entry.operation === "create" ? endOf(entry.tokenId) : undefined,
  }));
  const words = search.toLowerCase();
  return shown.filter(
    (entry) =>
      (!outcome || entry.outcome === outcome) &&
      [entry.userId, entry.orgId, entry.tokenId, entry.actor, entry.reason, entry.traceId]
        .join(" ")
        .toLowerCase()
        .includes(words),
  );
}

function outcomeOf({ outcome, begunAt }: Entry) {
  return outcome === "sending" && begunAt < Date.now() - STALE_MS ? "unknown" : outcome;
}

function endOf(tokenId: Entry["tokenId"]) {
  const ends = entries.filter((entry) => entry.operation === "revoke" && entry.tokenId === tokenId);
  return ENDS.find((end) => ends.some(({ outcome }) => outcome === end));
}

/** Writes at most twice a second: a run has a hundred entries a second. */
function save() {
  if (Date.now() - writtenAt >= WRITE_EVERY_MS) return write();
  timer ??= window.setTimeout(write, WRITE_EVERY_MS);
}

function write() {
  clearTimeout(timer);
  timer = undefined;
  writtenAt = Date.now();
  sessionStorage.setItem(KEY, JSON.stringify(entries));
}
