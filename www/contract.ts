// What the Worker and the page agree on. Both use it, and so do their tests.

/**
 * The header with the ID of a create or a revoke: random, a UUID, the same when an unknown outcome
 * is asked for again. A create with the ID of an earlier one makes no second token. The same
 * request gets the same answer within two minutes, and later one of `already_…`. Without an ID it
 * is refused.
 */
export const REQUEST_ID = "idempotency-key";

/**
 * The header with {@link Notes} as `new URLSearchParams(notes).toString()`: the API's bodies have
 * no field for them.
 */
export const NOTES = "sign-in-notes";

/** What the history keeps of the circumstances of a request. */
export interface Notes {
  /** Such as a ticket number; 200 characters at most. */
  reason?: string;
  /** A UUID: the same for all requests of a run. */
  runId?: string;
  /** The name of the run's list; 200 characters at most. */
  fileName?: string;
}

/** The paths besides the API's own two. */
export const ROUTES = {
  /** `GET` and `POST { password }` answer with a {@link Session}, `DELETE` with a 204. */
  session: "/session",
  /**
   * `POST { query }` (an e-mail address, a name or an ID) answers with a {@link UserPage}. Not a
   * GET: addresses are logged in many places.
   */
  users: "/users",
  /**
   * `GET` with {@link HistoryQuery} answers with a {@link HistoryPage}: the newest entries first.
   */
  history: "/history",
  /**
   * `GET` with {@link HistoryQuery} answers with a {@link TokenPage}: the links that match and are
   * active.
   */
  tokens: "/history/tokens",
  /** `GET` with {@link HistoryFilters} answers with all entries that match, as CSV. */
  csv: "/history.csv",
} as const;

/** A refusal, before anything was sent to Clerk. */
const notSent = (status: number, message: string) =>
  ({ status, message, sent: false, outcome: "none" }) as const;

/** Something was sent, now or before, and had no effect. */
const failed = (status: number, message: string) =>
  ({ status, message, sent: true, outcome: "none" }) as const;

/** Something was sent, now or before, and may have taken effect. */
const unknown = (status: number, message: string) =>
  ({ status, message, sent: true, outcome: "unknown" }) as const;

/**
 * What the Worker says of its own, in the shape of the API's errors, by their code. All else is
 * passed on as the package read it in Clerk's answer. The package in the page takes a 4xx as proof
 * that nothing happened, and a 5xx for an unknown outcome. A 400 is Clerk's alone: of a revoke, it
 * says "used or revoked before".
 *
 * A 401 that is not JSON, and a redirect, come from Cloudflare Access: read them like
 * `access_required`.
 */
export const ANSWERS = {
  session_required: notSent(401, "Log in first."),
  access_required: notSent(401, "Cloudflare Access did not identify you."),
  wrong_password: notSent(401, "Wrong password."),
  too_many_attempts: notSent(429, "Too many attempts. Wait a minute, then try again."),
  session_unavailable: notSent(424, "The login could not be checked. Try again."),
  access_unavailable: notSent(424, "The keys of Cloudflare Access could not be read. Try again."),
  cross_site: notSent(403, "Cross-site requests are refused."),
  too_large: notSent(413, "The request is too large."),
  not_here: notSent(404, "There is nothing here."),

  request_id_required: notSent(422, "The request has no ID."),
  invalid_notes: notSent(422, "The reason or the file's name cannot be kept."),
  invalid_argument: notSent(422, "The request is not valid."),
  lifetime_too_long: notSent(422, "The lifetime is longer than this deployment allows."),
  history_unavailable: notSent(424, "The history could not be written. Nothing was sent to Clerk."),
  clerk_unreachable: notSent(424, "No connection to Clerk could be made."),
  secret_key_refused: failed(403, "Clerk does not accept the secret key of this deployment."),
  /** A bug. The codes of other unknown outcomes are the package's: `server_error`, `network`, … */
  internal: unknown(500, "The edge function failed."),

  /** An earlier create with this request ID made the token `meta.token_id`. Its URL is not kept. */
  already_created: unknown(502, "The link was created before. Revoke it: its URL is not kept."),
  already_failed: failed(409, "This request was sent before, and no link was created."),
  already_unknown: unknown(502, "This request was sent before, and its outcome is unknown."),

  no_history: notSent(404, "This deployment has no database for a history."),
  invalid_query: notSent(422, "A filter or a search is not valid."),
  lookup_off: notSent(404, "This deployment does not search for users."),
  too_many_lookups: notSent(429, "Too many searches. Wait a moment, then try again."),
  lookup_failed: notSent(424, "Clerk did not answer the search. Try again."),
};

export type AnswerCode = keyof typeof ANSWERS;

/** Who is logged in, and the deployment. */
export interface Session {
  user: string;
  login: "password" | "access";
  /** Unix milliseconds, like all times here. */
  expiresAt?: number;
  instance: "production" | "development";
  /** Requests per 10 seconds. */
  rateLimit: number;
  maxLifetimeSeconds: number;
  history: "database" | "tab";
  userLookup: boolean;
}

export interface FoundUser {
  id: string;
  /** Empty where the user has none. */
  name: string;
  /** The primary address; empty where the user has none. */
  email: string;
}

/** At most 5. */
export interface UserPage {
  users: FoundUser[];
}

/**
 * The state of a request now, and of the link that it created. `not_pending`: the link was used or
 * revoked before.
 */
export type State =
  "sending" | "active" | "expired" | "revoked" | "not_pending" | "failed" | "unknown";

/** A row of the history. `null` where something is not known. */
export interface Entry {
  id: string;
  operation: "create" | "revoke";
  state: State;
  actor: string;
  begunAt: number;
  reason: string | null;
  userId: string | null;
  orgId: string | null;
  tokenId: string | null;
  expiresInSeconds: number | null;
  expiresAt: number | null;
  errorCode: string | null;
  traceId: string | null;
  runId: string | null;
  fileName: string | null;
}

/** The columns of the history's CSV. Times are in a form that spreadsheets read. */
export const COLUMNS = `begunAt actor operation state userId orgId tokenId reason runId fileName
  expiresInSeconds expiresAt errorCode traceId id`.split(/\s+/) as (keyof Entry)[];

export function cellsOf(entry: Entry) {
  return COLUMNS.map((name) => {
    const value = entry[name];
    return typeof value === "number" && name.endsWith("At") ? new Date(value).toISOString() : value;
  });
}

/** All that are given must match. Texts are found anywhere in the field, in upper or lower case. */
export interface HistoryFilters {
  /** `ended`: revoked, or used or revoked before. */
  state?: State | "ended";
  operation?: Entry["operation"];
  /** Found in the actor or the user ID. */
  person?: string;
  reason?: string;
  /** A run's ID, whole. */
  run?: string;
  /** From this time (included), until that one (excluded). */
  from?: number;
  until?: number;
  /** Found in any text, the file's name included. */
  search?: string;
}

export interface HistoryQuery extends HistoryFilters {
  /** The `next` of the page before. */
  before?: string;
  /**
   * Default: 50, or 1000 for tokens. At most 1000. To read again what is shown, give its length.
   */
  limit?: number;
}

export interface HistoryPage {
  entries: Entry[];
  /** Where the next page begins; `null` after the last one. */
  next: string | null;
}

export interface TokenPage {
  /** Of all pages; on the first one only. */
  count?: number;
  tokens: { tokenId: string; userId: string | null }[];
  next: string | null;
}
