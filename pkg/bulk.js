// The entry for many creates or revokes. A program that does not import it does not ship it.
import { checked } from "./bulk/options.js";
import { BulkRun } from "./bulk/run.js";
import { secretKeyOf } from "./wasm/clerk_sign_in_tokens_bg.js";

/** The error codes after which a call is sent again. */
const RETRYABLE = ["rate_limited", "network", "server_error", "timeout"];

/** @type {typeof import("clerk-sign-in-tokens/bulk").createMany} */
export function createMany(tokens, inputs, options) {
  return many(
    tokens,
    inputs,
    options,
    (input, callOptions) => tokens.create(input, callOptions),
    isUnsent,
  );
}

/** @type {typeof import("clerk-sign-in-tokens/bulk").revokeMany} */
export function revokeMany(tokens, ids, options) {
  return many(
    tokens,
    ids,
    options,
    (id, callOptions) => tokens.revoke(id, callOptions),
    // Unlike a create, it is idempotent.
    () => true,
  );
}

/**
 * @template Input
 * @param {import("clerk-sign-in-tokens").SignInTokens} tokens
 * @param {import("./bulk/run.js").Inputs<Input>} inputs
 * @param {import("clerk-sign-in-tokens/bulk").ManyOptions | undefined} given
 * @param {(input: Input, options: import("clerk-sign-in-tokens").CallOptions) => Promise<import("clerk-sign-in-tokens").SignInToken>} call
 * @param {(error: import("clerk-sign-in-tokens").SignInTokensError) => boolean} mayRepeat
 */
function many(tokens, inputs, given = {}, call, mayRepeat) {
  const {
    concurrency = 20,
    maxRetries = 10,
    timeout,
    headers,
    ...options
  } = checked(tokens, inputs, given);
  // The signal is not passed on: a request that is aborted in flight has an unknown outcome.
  const callOptions = { maxRetries: 0, timeout, headers };
  return new BulkRun(inputs, {
    ...options,
    concurrency,
    maxRetries,
    send: (input) => call(input, callOptions),
    mayRetry: (error) => RETRYABLE.includes(error?.code) && error.attempts > 0 && mayRepeat(error),
    isLive: () => isLive(secretKeyOf(tokens)),
  });
}

/**
 * Returns whether a failed create made no token for sure.
 *
 * @param {import("clerk-sign-in-tokens").SignInTokensError} error
 */
function isUnsent({ outcome }) {
  return outcome === "none";
}

/**
 * Returns whether a key is a production instance's.
 *
 * @param {import("clerk-sign-in-tokens").SignInTokensOptions["secretKey"]} key
 */
async function isLive(key) {
  return String(typeof key === "function" ? await key() : key).startsWith("sk_live_");
}
