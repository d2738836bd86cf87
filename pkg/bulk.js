// The entry for many creates or revokes: apart from the other one, so that nobody ships it who does not import it.
import { checked } from "./bulk/options.js";
import { BulkRun } from "./bulk/run.js";
import { secretKeyOf } from "./wasm/clerk_sign_in_tokens_bg.js";

const DEFAULTS = { concurrency: 20, maxRetries: 10 };

/** Clerk's limits: requests in 10 seconds, for an instance in production and one in development. */
const LIVE = 1000;
const TEST = 100;

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
    mayRetry: ({ code }) => retryable.includes(code),
    rateLimit: async () => options.rateLimit ?? ((await isLive(secretKeyOf(tokens))) ? LIVE : TEST),
  });
}

/** Returns whether the key is one of a production instance. A function that fails to give one says so at each call. */
async function isLive(key) {
  try {
    return String(typeof key === "function" ? await key() : key).startsWith("sk_live_");
  } catch {
    return false;
  }
}
