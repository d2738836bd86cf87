// The entry for many creates or revokes: apart from the other one, so that nobody ships it who does not import it.
import { checked } from "./bulk/options.js";
import { BulkRun } from "./bulk/run.js";
import { secretKeyOf } from "./wasm/clerk_sign_in_tokens_bg.js";

const DEFAULTS = { concurrency: 20, maxRetries: 10 };

/** What leaves a revoke worth a retry; it is idempotent in effect, a create is not. */
const RETRYABLE_REVOKES = ["rate_limited", "network", "server_error", "timeout"];

export function createMany(tokens, inputs, options) {
  return many(tokens, inputs, options, (input, callOptions) => tokens.create(input, callOptions), [
    "rate_limited",
  ]);
}

export function revokeMany(tokens, ids, options) {
  return many(
    tokens,
    ids,
    options,
    (id, callOptions) => tokens.revoke(id, callOptions),
    RETRYABLE_REVOKES,
  );
}

function many(tokens, inputs, given = {}, call, retryable) {
  const { timeout, headers, ...options } = { ...DEFAULTS, ...checked(tokens, inputs, given) };
  // What is in flight is never aborted: its outcome would be unknown. The signal only stops what has not begun.
  const callOptions = { maxRetries: 0, timeout, headers };
  return new BulkRun(inputs, {
    ...options,
    send: (input) => call(input, callOptions),
    mayRetry: (error) => retryable.includes(error?.code),
    isLive: () => isLive(secretKeyOf(tokens)),
  });
}

/** Returns whether a key is a production instance's. */
async function isLive(key) {
  return String(typeof key === "function" ? await key() : key).startsWith("sk_live_");
}
