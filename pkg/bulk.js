// The entry for many creates or revokes: apart from the other one, so that nobody ships it who does not import it.
import { BulkRun } from "./bulk/run.js";
import { optionsOf } from "./lib/client.js";
import { invalidArgument } from "./lib/error.js";
import { check, checkCall } from "./lib/options.js";

const OPTIONS = {
  concurrency: ["number"],
  maxRetries: ["number"],
  rateLimit: ["number"],
  signal: ["object", "null"],
  timeout: ["number"],
  headers: ["object"],
};

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
  const { timeout, headers, ...options } = { ...DEFAULTS, ...check("options", given, OPTIONS) };
  for (const [name, least] of [
    ["concurrency", 1],
    ["maxRetries", 0],
    ["rateLimit", 1],
  ]) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
      throw invalidArgument(name, `a whole number, ${least} or more`);
    }
  }
  const client = optionsOf(tokens);
  if (!client) throw invalidArgument("tokens", "a SignInTokens");
  if (
    typeof inputs !== "object" ||
    !(inputs?.[Symbol.asyncIterator] ?? inputs?.[Symbol.iterator])
  ) {
    throw invalidArgument("inputs", "an iterable or async iterable");
  }
  // What is in flight is never aborted: its outcome would be unknown. The signal only stops what has not begun.
  const callOptions = { maxRetries: 0, timeout, headers };
  checkCall({ ...callOptions, signal: options.signal }, client);
  return new BulkRun(inputs, {
    ...options,
    send: (input) => call(input, callOptions),
    mayRetry: (error) => retryable.includes(error?.code),
    isLive: () => isLive(client.secretKey),
  });
}

/** Whether a key is a production instance's. */
async function isLive(key) {
  return String(typeof key === "function" ? await key() : key).startsWith("sk_live_");
}
