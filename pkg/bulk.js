// The entry for many creates or revokes. A program that does not import it does not ship it.
import { checked } from "./bulk/options.js";
import { BulkRun } from "./bulk/run.js";
import { secretKeyOf } from "./wasm/clerk_sign_in_tokens_bg.js";

/** The error codes after which a revoke is sent again: unlike a create, it is idempotent. */
const RETRYABLE_REVOKES = ["rate_limited", "network", "server_error", "timeout"];

/** @type {typeof import("clerk-sign-in-tokens/bulk").createMany} */
export function createMany(tokens, inputs, options) {
  return many(tokens, inputs, options, (input, callOptions) => tokens.create(input, callOptions), [
    "rate_limited",
  ]);
}

/** @type {typeof import("clerk-sign-in-tokens/bulk").revokeMany} */
export function revokeMany(tokens, ids, options) {
  return many(
    tokens,
    ids,
    options,
    (id, callOptions) => tokens.revoke(id, callOptions),
    RETRYABLE_REVOKES,
  );
}

/**
 * @template Input
 * @param {import("clerk-sign-in-tokens").SignInTokens} tokens
 * @param {import("./bulk/run.js").Inputs<Input>} inputs
 * @param {import("clerk-sign-in-tokens/bulk").ManyOptions | undefined} given
 * @param {(input: Input, options: import("clerk-sign-in-tokens").CallOptions) => Promise<import("clerk-sign-in-tokens").SignInToken>} call
 * @param {string[]} retryable error codes
 */
function many(tokens, inputs, given = {}, call, retryable) {
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
    mayRetry: (error) => retryable.includes(error?.code),
    isLive: () => isLive(secretKeyOf(tokens)),
  });
}

/**
 * Returns whether a key is a production instance's.
 *
 * @param {import("clerk-sign-in-tokens").SignInTokensOptions["secretKey"]} key
 */
async function isLive(key) {
  return String(typeof key === "function" ? await key() : key).startsWith("sk_live_");
}
