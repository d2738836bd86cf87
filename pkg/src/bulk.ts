// The entry for many creates or revokes. A program that does not import it does not ship it.

import type {
  CallOptions,
  CreateSignInTokenParams,
  HeadersLike,
  SignInToken,
  SignInTokensError,
} from "clerk-sign-in-tokens";

import { checked } from "./bulk/options.ts";
import { LIVE_LIMIT, TEST_LIMIT } from "./bulk/rate-limiter.ts";
import { BulkRun } from "./bulk/run.ts";

/**
 * Creates a token for each input, as fast as Clerk's rate limit allows, and returns the results in
 * the order of the answers.
 *
 * ```ts
 * for await (const { index, input, token, error } of createMany(tokens, users)) {
 *   if (error) console.error(index, input.userId, error.code, error.outcome);
 *   else await store(token);
 * }
 * ```
 *
 * - Inputs are pulled one by one, when there is room: a source may be endless, and memory does not
 *   grow with it. While the run waits for an input, it returns results and retries refused
 *   requests, so a source may wait for results.
 * - A failed input never ends the run. A 429 pauses the whole run for `Retry-After`. Then one
 *   request goes alone (half-open), then the others follow at the rate limit. An outage (10 lost
 *   answers, 5xx or errors without an `outcome` in a row, over at least a quarter of a second)
 *   pauses the run too, for 1 to 30 seconds. `onPause` reports it.
 * - A create is retried after a 429, and where no connection was made. With `outcome: "unknown"` a
 *   token may exist that nobody has: look for it yourself, the run does not retry it.
 * - No request in flight is ever aborted. When `signal` is aborted, the run pulls no further input,
 *   returns the results of the requests in flight, then throws `signal.reason`. After `break`,
 *   iterate the same object again for the results of the requests in flight. An input without a
 *   request gets no result then.
 * - An error of `inputs` itself ends the run in the same way: results first, then the iteration
 *   throws the error.
 *
 * @param tokens a `SignInTokens`, or anything with the method `create`: a wrapper, a client from
 * another copy of this package, a service binding to a Worker (RPC). What it throws is the `error`
 * of a result. RPC keeps the fields of an error, such as the `code` that a retry needs, with the
 * compatibility flag `enhanced_error_serialization` (default from 2026-04-21).
 * @throws {SignInTokensError} at once: `invalid_argument` for an unknown or wrong option.
 */
export function createMany<Input extends CreateSignInTokenParams>(
  tokens: TokenCreator,
  inputs: Iterable<Input> | AsyncIterable<Input>,
  options?: ManyOptions,
): AsyncIterableIterator<ManyResult<Input>> {
  const send = (input: Input, of: CallOptions) => tokens.create(input, of);
  return run("create", tokens, inputs, options, send);
}

/**
 * Revokes each token, as {@link createMany} creates them. A revoke is idempotent, so it is also
 * retried after a lost answer, a timeout and a 5xx: after `Retry-After`, or an exponential back-off
 * (from 0.5 s, at most 8 s) with full jitter. Other tokens are revoked meanwhile.
 *
 * @param ids the `id` of each token, not its `token`.
 * @throws {SignInTokensError} at once: `invalid_argument` for an unknown or wrong option.
 */
export function revokeMany(
  tokens: TokenRevoker,
  ids: Iterable<string> | AsyncIterable<string>,
  options?: ManyOptions,
): AsyncIterableIterator<ManyResult<string>> {
  const send = (id: string, of: CallOptions) => tokens.revoke(id, of);
  return run("revoke", tokens, ids, options, send);
}

/** What {@link createMany} calls. */
export interface TokenCreator {
  create(params: CreateSignInTokenParams, options?: CallOptions): PromiseLike<SignInToken>;
  /** `"production"` gives the run Clerk's higher rate limit. */
  readonly instanceType?: unknown;
}

/** What {@link revokeMany} calls. */
export interface TokenRevoker {
  revoke(id: string, options?: CallOptions): PromiseLike<SignInToken>;
  /** `"production"` gives the run Clerk's higher rate limit. */
  readonly instanceType?: unknown;
}

/** Why and until when a run sends nothing. */
export interface Pause {
  /** `"rate_limit"` after a 429; `"outage"` after many lost answers or 5xx. */
  reason: "rate_limit" | "outage";
  /** When the next request is sent, in Unix time in milliseconds. */
  until: number;
  /** The error of the last request. */
  error: SignInTokensError;
}

/** The options of a run. */
export interface ManyOptions {
  /**
   * The maximum number of calls in flight, including results that you have not taken yet.
   * @default 20
   */
  concurrency?: number;
  /**
   * The maximum number of retries for each input.
   * @default 10
   */
  maxRetries?: number;
  /**
   * Requests in 10 seconds. The run stays 2 % below it, and slows down while 429s show that others
   * use the same instance.
   * @default Clerk's limit: 1000 where `tokens.instanceType` is `"production"`, else 100
   */
  rateLimit?: number;
  /** Stops the run when it is aborted: no further input is pulled. */
  signal?: AbortSignal | null;
  /**
   * The timeout of each request, in milliseconds.
   * @default the timeout of the client
   */
  timeout?: number;
  /** Headers for each request, as in `CallOptions`. */
  headers?: HeadersLike;
  /**
   * Called when the run pauses, and again when the pause gets longer because the request after it
   * fails too. What it returns or throws is ignored.
   */
  onPause?: (pause: Pause) => unknown;
  /**
   * Called when a pause is over: the request after it is answered. Not called if the run ends or
   * is stopped during the pause.
   */
  onResume?: () => unknown;
}

/** The result of one input: a `token` or an `error`. */
export type ManyResult<Input> =
  | { index: number; input: Input; token: SignInToken; error?: undefined }
  | { index: number; input: Input; token?: undefined; error: SignInTokensError };

function run<Input>(
  method: "create" | "revoke",
  tokens: Partial<TokenCreator & TokenRevoker>,
  inputs: Iterable<Input> | AsyncIterable<Input>,
  options: ManyOptions | undefined,
  send: (input: Input, options: CallOptions) => PromiseLike<SignInToken>,
) {
  const { callOptions, ...rest } = checked(tokens, method, inputs, options);
  return new BulkRun(inputs, {
    limit: () => (tokens.instanceType === "production" ? LIVE_LIMIT : TEST_LIMIT),
    ...rest,
    send: (input) => send(input, callOptions),
    isIdempotent: method === "revoke",
  });
}
