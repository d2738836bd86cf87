import type {
  CreateSignInTokenParams,
  HeadersLike,
  SignInToken,
  SignInTokens,
  SignInTokensError,
} from "./index.js";

/**
 * Creates a token for each input, as fast as Clerk's rate limit lets it, and gives the results as they come.
 *
 * ```ts
 * for await (const { index, input, token, error } of createMany(tokens, users)) {
 *   if (error) console.error(index, input.userId, error.code, error.outcome);
 *   else await store(token);
 * }
 * ```
 *
 * - Inputs are pulled one by one, when there is room: an endless source is fine, and memory does not grow with it. While the
 *   next one is awaited, results are given and refused requests are repeated, so a source may wait for results.
 * - One failed input never ends the run. A 429 pauses all of it for `Retry-After`; then one request goes alone, then the
 *   rest, paced. After 10 lost answers or 5xx in a row the run pauses likewise, up to 30 seconds.
 * - A create is repeated after a 429 only. An error with `outcome: "unknown"` means that a token may exist which nobody
 *   holds: it is yours to look into, and was not tried again.
 * - Nothing in flight is ever aborted. On `signal` no further input is begun, what is in flight is waited for and given, then
 *   the iteration throws `signal.reason`. After `break`, iterate the same object again for what was in flight. An input that
 *   was pulled and for which no request was made gives no result then.
 * - An error of `inputs` itself ends the run in the same way: everything begun is given first, then it is thrown.
 *
 * @throws {SignInTokensError} at once, `invalid_argument` for an unknown or wrong option.
 */
export function createMany<Input extends CreateSignInTokenParams>(
  tokens: SignInTokens,
  inputs: Iterable<Input> | AsyncIterable<Input>,
  options?: ManyOptions,
): AsyncIterableIterator<ManyResult<Input>>;

/**
 * Revokes each token, like {@link createMany}. A revoke is repeated after a lost answer, a time limit that passed and a 5xx
 * too, since revoking is idempotent.
 *
 * @param ids the tokens' ids, not the tokens.
 * @throws {SignInTokensError} at once, `invalid_argument` for an unknown or wrong option.
 */
export function revokeMany(
  tokens: SignInTokens,
  ids: Iterable<string> | AsyncIterable<string>,
  options?: ManyOptions,
): AsyncIterableIterator<ManyResult<string>>;

/** How a run goes. */
export interface ManyOptions {
  /** The most calls in flight at a time, results that you have not taken yet included. Default: 20. */
  concurrency?: number;
  /** How often one input may be tried again. Default: 10. */
  maxRetries?: number;
  /**
   * Requests in 10 seconds. Default: Clerk's own limit, 1000 for a key that begins with `sk_live_`, else 100. The run stays 2 %
   * below it, and goes slower while the API says that others use the same instance.
   */
  rateLimit?: number;
  /** Begins no further input once it is aborted. */
  signal?: AbortSignal | null;
  /** Milliseconds for each request. Default: the client's. */
  timeout?: number;
  /** Headers for each request, as a call's. */
  headers?: HeadersLike;
}

/** What came of one input: a `token` or an `error`. */
export type ManyResult<Input> =
  | { index: number; input: Input; token: SignInToken; error?: undefined }
  | { index: number; input: Input; token?: undefined; error: SignInTokensError };
