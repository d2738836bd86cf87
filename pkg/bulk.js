// The entry for many creates or revokes. A program that does not import it does not ship it.
import { checked } from "./bulk/options.js";
import { LIVE_LIMIT, TEST_LIMIT } from "./bulk/rate-limiter.js";
import { BulkRun } from "./bulk/run.js";

/** @type {typeof import("clerk-sign-in-tokens/bulk").createMany} */
export function createMany(tokens, inputs, options) {
  const { callOptions, ...rest } = checked(tokens, "create", inputs, options);
  const send = (/** @type {any} */ input) => tokens.create(input, callOptions);
  return new BulkRun(inputs, { limit: () => limitOf(tokens), ...rest, send, isIdempotent: false });
}

/** @type {typeof import("clerk-sign-in-tokens/bulk").revokeMany} */
export function revokeMany(tokens, ids, options) {
  const { callOptions, ...rest } = checked(tokens, "revoke", ids, options);
  const send = (/** @type {string} */ id) => tokens.revoke(id, callOptions);
  return new BulkRun(ids, { limit: () => limitOf(tokens), ...rest, send, isIdempotent: true });
}

/** @param {{ instanceType?: unknown }} tokens */
function limitOf(tokens) {
  return tokens.instanceType === "production" ? LIVE_LIMIT : TEST_LIMIT;
}
