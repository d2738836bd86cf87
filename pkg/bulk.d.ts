import type {
  CreateSignInTokenParams,
  HeadersLike,
  SignInToken,
  SignInTokens,
  SignInTokensError,
} from "./index.js";

/**
 * Creates a token for each input, as fast as Clerk's rate limit allows, and returns the results in the order of the answers.
 *
 * ```ts
 * for await (const { index, input, token, error } of createMany(tokens, users)) {
 *   if (error) console.error(index, input.userId, error.code, error.outcome);
 *   else await store(token);
 * }
 * ```
 *
 * - Inputs are pulled one by one, when there is room: a source may be endless, and memory does not grow with it. While the
 *   run waits for an input, it returns results and retries refused requests, so a source may wait for results.
 * - A failed input never ends the run. A 429 pauses the whole run for `Retry-After`. Then one request goes alone (half-open),
 *   then the others follow at the rate limit. After 10 lost answers or 5xx in a row the run pauses too, up to 30 seconds.
 * - A create is retried after a 429, and where no connection was made. With `outcome: "unknown"` a token may exist that nobody holds: look for it yourself,
 *   the run does not retry it.
 * - No request in flight is ever aborted. When `signal` is aborted, the run pulls no further input, returns the results of the
 *   requests in flight, then throws `signal.reason`. After `break`, iterate the same object again for the results of the
 *   requests in flight. An input without a request gets no result then.
 * - An error of `inputs` itself ends the run in the same way: results first, then the iteration throws the error.
 *
 * @throws {SignInTokensError} at once: `invalid_argument` for an unknown or wrong option.
 */
export function createMany<Input extends CreateSignInTokenParams>(
  tokens: SignInTokens,
  inputs: Iterable<Input> | AsyncIterable<Input>,
  options?: ManyOptions,
): AsyncIterableIterator<ManyResult<Input>>;

/**
 * Revokes each token, in the way of {@link createMany}. A revoke is idempotent, so it is also retried after a lost answer, a
 * timeout and a 5xx: after `Retry-After`, or an exponential back-off (from 0.5 s, at most 8 s) with full jitter. Other tokens
 * are revoked meanwhile.
 *
 * @param ids the tokens' ids, not the tokens.
 * @throws {SignInTokensError} at once: `invalid_argument` for an unknown or wrong option.
 */
export function revokeMany(
  tokens: SignInTokens,
  ids: Iterable<string> | AsyncIterable<string>,
  options?: ManyOptions,
): AsyncIterableIterator<ManyResult<string>>;

/** The options of a run. */
export interface ManyOptions {
  /** The maximum of calls in flight, including results that you have not taken yet. Default: 20. */
  concurrency?: number;
  /** The maximum of retries for each input. Default: 10. */
  maxRetries?: number;
  /**
   * Requests in 10 seconds. Default: Clerk's own limit, 1000 for a key that starts with `sk_live_`, else 100. The run stays 2 %
   * below it, and slows down while 429s show that others use the same instance.
   */
  rateLimit?: number;
  /** Stops the run when it is aborted: no further input is pulled. */
  signal?: AbortSignal | null;
  /** The timeout of each request, in milliseconds. Default: the client's. */
  timeout?: number;
  /** Headers for each request, as in `CallOptions`. */
  headers?: HeadersLike;
  /** Is called when the run begins to pause, or learns that a pause lasts longer. What it throws is ignored. */
  onPause?: (pause: Pause) => void;
  /** Is called when an answer ends a pause. What it throws is ignored. */
  onResume?: () => void;
}

/** Why no request of a run is sent, and the time of the next one. */
export interface Pause {
  /** `rate_limit`: after a 429. `outage`: after 10 lost answers, 5xx or refused connections in a row. */
  reason: "rate_limit" | "outage";
  /** Unix time in milliseconds. Then one request goes alone. */
  until: number;
  /** The error of the last request. */
  error: SignInTokensError;
}

/** The result of one input: a `token` or an `error`. */
export type ManyResult<Input> =
  | { index: number; input: Input; token: SignInToken; error?: undefined }
  | { index: number; input: Input; token?: undefined; error: SignInTokensError };
