/// <reference lib="esnext.disposable" />

/**
 * The options of a client. Only own properties count: an object of a class with accessors is
 * refused.
 */
export interface SignInTokensOptions {
  /**
   * The secret key (`sk_live_…`, `sk_test_…`), or a function that returns it, called once for each
   * call, in the async context of its caller. A key that rotates, lives in an async store or
   * belongs to a tenant works this way.
   */
  secretKey: string | (() => string | PromiseLike<string>);
  /**
   * The Backend API's base URL without `/v1`; https, or http to `localhost`, `127.0.0.0/8` or
   * `[::1]`.
   * @default "https://api.clerk.com"
   */
  apiUrl?: string;
  /**
   * Sends the requests. A service binding fits: `env.API.fetch.bind(env.API)`. Wrap it to log, to
   * trace or to see raw responses. What it fails with never proves that nothing was sent: `outcome`
   * is `"unknown"` then, and a create is not retried.
   * @default globalThis.fetch, looked up for each call
   */
  fetch?: FetchLike;
  /**
   * Milliseconds for a whole call: the key lookup, every attempt, the waits between them, reading
   * the answer. A whole number from 1 to 2147483647.
   * @default 10000
   */
  timeout?: number;
  /**
   * The maximum number of retries. A whole number from 0 to 4294967295.
   * @default 2
   */
  maxRetries?: number;
  /**
   * Headers for every request, such as `traceparent`; not `Authorization`, `Content-Type`,
   * `Clerk-API-Version` or a name that `fetch` forbids, such as `Host`.
   */
  headers?: HeadersLike;
  /**
   * Called after each attempt, in the async context of the caller; of an aborted attempt, in that
   * of whoever aborts. It never sees a secret; what it returns or throws is ignored.
   */
  onAttempt?: (event: AttemptEvent) => unknown;
}

/** The kind of a Clerk instance. */
export type InstanceType = "production" | "development";

export interface SignInTokens {
  /**
   * The kind of Clerk instance that the secret key belongs to: `"production"` for `sk_live_…`,
   * `"development"` for `sk_test_…`, else `undefined`. With a function as `secretKey`, that of the
   * last key it returned.
   */
  readonly instanceType: InstanceType | undefined;
}

/** The options of one call. */
export interface CallOptions {
  /**
   * Aborts the call at once, at any point; the call then rejects with `signal.reason`. No request
   * is sent after that. Whether one that was in flight took effect cannot be known then.
   */
  signal?: AbortSignal | null;
  /** As {@link SignInTokensOptions.timeout}, for this call. */
  timeout?: number;
  /** As {@link SignInTokensOptions.maxRetries}, for this call. */
  maxRetries?: number;
  /** As {@link SignInTokensOptions.headers}; they override the client's of the same name. */
  headers?: HeadersLike;
}

/** The parameters of a new sign-in token. */
export interface CreateSignInTokenParams {
  /** The user it signs in, such as `user_2x…`. */
  userId: string;
  /** The organization to activate on sign-in; the user must be a member of it. */
  orgId?: string | null;
  /**
   * The token's lifetime in seconds, at least 1.
   * @default 2592000 (30 days; the API's own default)
   */
  expiresInSeconds?: number | null;
}

/** A sign-in token: a plain object that works with `structuredClone` and `JSON.stringify`. */
export interface SignInToken {
  object: "sign_in_token";
  /** Revokes the token; not a secret. */
  id: string;
  userId: string;
  status: SignInTokenStatus;
  /**
   * The ticket, for the `ticket` strategy of Clerk's frontend SDKs. A secret: it signs the user in.
   */
  token?: string;
  /** A page that signs the user in with the ticket. As secret as `token`. */
  url?: string;
  /** Unix time in milliseconds. */
  createdAt: number;
  /** Unix time in milliseconds. */
  updatedAt: number;
}

/** The status of a token; the API may add further ones. */
export type SignInTokenStatus = "pending" | "accepted" | "revoked" | (string & {});

/**
 * Every failure of this package except the caller's own abort. No field contains the key, a token
 * or a ticket URL. An error with a `digest` that `fetch` or the `secretKey` function fails with is
 * no failure but the control flow of a framework, such as Next.js: the call rejects with that error
 * itself, and nothing is retried.
 */
export class SignInTokensError extends Error {
  constructor(fields: SignInTokensErrorFields);
  readonly name: "SignInTokensError";
  /** What went wrong, grouped by what a caller can do about it. */
  readonly code: ErrorCode;
  /**
   * Whether the operation may have taken effect although it failed: `"none"` where it certainly did
   * not, `"unknown"` where it may have. A 4xx is `"none"` only in Clerk's own error shape (or as a
   * 429). After an unknown create, a token may exist that nobody has: docs/unknown-outcomes.md says
   * how to find out.
   */
  readonly outcome: Outcome;
  /** The HTTP status of the last answer, if one came. */
  readonly status?: number;
  /** Clerk's own errors in the last answer; empty where it had none. */
  readonly errors: ClerkAPIError[];
  /** What to quote to Clerk's support. */
  readonly clerkTraceId?: string;
  /** Seconds that the API asked to wait before another try. */
  readonly retryAfter?: number;
  /** Attempts, each of which sent a request or made no connection. */
  readonly attempts: number;
  /**
   * What `fetch`, the `secretKey` function or a getter failed with: its name, message and code,
   * without the secret key. Texts over 1,024 characters are cut.
   */
  readonly cause?: unknown;
}

/** The fields of a {@link SignInTokensError}; for tests of your own code. */
export interface SignInTokensErrorFields {
  code: ErrorCode;
  message: string;
  outcome?: Outcome;
  status?: number;
  errors?: ClerkAPIError[];
  clerkTraceId?: string;
  retryAfter?: number;
  attempts?: number;
  cause?: unknown;
}

/**
 * - `invalid_argument`: refused before any request; the message names the field.
 * - `unauthorized`: the API refused the key (401, 403).
 * - `not_found`: no such user, organization or token (404).
 * - `not_pending`: the token to revoke was used or revoked before (400, with Clerk's `errors`).
 *   With `outcome: "unknown"`, an earlier attempt of this call, which failed (no answer, a 5xx),
 *   may have revoked it.
 * - `rejected`: the API refused the request as it stands (any other 4xx); `errors` says why.
 * - `rate_limited`: too many requests (429), and no retry was left or would have fitted into
 *   `timeout`.
 * - `server_error`: the API failed (5xx).
 * - `network`: no answer came, or it broke off. With `outcome: "none"`, nothing was sent: the
 *   runtime's error proves that no connection was made, or it allows no request where the call was
 *   made, such as in a Worker's global scope.
 * - `timeout`: `timeout` passed.
 * - `invalid_response`: something answered, but not as the API does: a redirect (never followed), a
 *   body that is not a sign-in token or is over 64 KiB.
 * - `internal`: a bug in this package.
 */
export type ErrorCode =
  | "invalid_argument"
  | "unauthorized"
  | "not_found"
  | "not_pending"
  | "rejected"
  | "rate_limited"
  | "server_error"
  | "network"
  | "timeout"
  | "invalid_response"
  | "internal";

/** See {@link SignInTokensError.outcome}. */
export type Outcome = "none" | "unknown";

/** One of Clerk's own errors. */
export interface ClerkAPIError {
  /** Clerk's name for it, such as `resource_not_found`. */
  code: string;
  /** What happened, in a few words. */
  message: string;
  /** What happened, in a sentence. */
  longMessage: string;
  /** Details, such as `{ paramName: "user_id" }`. */
  meta?: Record<string, unknown>;
}

/** One attempt of a call that is over. */
export interface AttemptEvent {
  operation: "create" | "revoke";
  /** Counts from 1. */
  attempt: number;
  /** Milliseconds that it took. */
  duration: number;
  /** The HTTP status, if an answer came. */
  status?: number;
  /**
   * What to quote to Clerk's support and to look for in Clerk's logs (`cf-ray`), if an answer came.
   */
  clerkTraceId?: string;
  /** Why it failed; absent where it succeeded. */
  code?: ErrorCode | "aborted";
  /** Milliseconds until the next attempt, if there is one. */
  retryIn?: number;
}

/** The part of `fetch` that is used. */
export type FetchLike = (url: string, init: FetchLikeInit) => PromiseLike<FetchLikeResponse>;

/** What a {@link FetchLike} is called with. */
export interface FetchLikeInit {
  method: "POST";
  headers: Record<string, string>;
  /**
   * The JSON text; none for a revoke. In Deno a stream of it, with `duplex: "half"`: Deno sends a
   * text again by itself when a kept-alive connection breaks, and so might create a second token.
   */
  body?: string | ReadableStream;
  duplex?: "half";
  redirect: "manual";
  /** No cache may store a token. Absent in workerd, where {@link FetchLikeInit.next} says it. */
  cache?: "no-store";
  /** The same to Next.js, in workerd. */
  next?: { revalidate: 0 };
  signal: AbortSignal;
}

/** The part of a `Response` that is used. */
export interface FetchLikeResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body?: unknown;
  text(): PromiseLike<string>;
}

/** Headers as a record, as pairs or as a `Headers` object. */
export type HeadersLike = Headers | Record<string, string> | Iterable<readonly [string, string]>;
