// The history of a deployment without a database: this tab's own, in sessionStorage. Never a token or a URL.
const KEY = "history";

/** More than these nobody reads here, and the storage is small. */
const KEPT = 2000;
const WRITE_EVERY_MS = 500;

/** As in the edge function: what was under way for longer is over, and nobody knows how. */
const STALE_MS = 60_000;

let entries = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
let writtenAt = 0;
let timer;

addEventListener("pagehide", write);

/** Notes what is about to be sent; gives the entry's ID. */
export function beginEntry(entry) {
  const id = crypto.randomUUID();
  entries.unshift({ id, outcome: "sending", begunAt: Date.now(), ...entry });
  entries.length = Math.min(entries.length, KEPT);
  save();
  return id;
}

/** Notes how it went. */
export function endEntry(id, changes) {
  Object.assign(entries.find((entry) => entry.id === id) ?? {}, changes);
  save();
}

/** The newest first, as the edge function's own. */
export function listEntries({ outcome, search }) {
  const shown = entries.map((entry) => ({
    ...entry,
    outcome:
      entry.outcome === "sending" && entry.begunAt < Date.now() - STALE_MS
        ? "unknown"
        : entry.outcome,
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

function endOf(tokenId) {
  const ends = entries.filter((entry) => entry.operation === "revoke" && entry.tokenId === tokenId);
  return ["revoked", "not_pending"].find((end) => ends.some(({ outcome }) => outcome === end));
}

/** Now, or soon where it was just written: a run has a hundred entries a second. */
function save() {
  if (Date.now() - writtenAt >= WRITE_EVERY_MS) return write();
  timer ??= setTimeout(write, WRITE_EVERY_MS);
}

function write() {
  clearTimeout(timer);
  timer = undefined;
  writtenAt = Date.now();
  sessionStorage.setItem(KEY, JSON.stringify(entries));
}
