// The entry for many creates or revokes. A program that does not import it does not ship it.
import { checked } from "./bulk/options.js";
import { LIVE_LIMIT, TEST_LIMIT } from "./bulk/rate-limiter.js";
import { BulkRun } from "./bulk/run.js";

/** @type {typeof import("clerk-sign-in-tokens/bulk").createMany} */
export const createMany = (tokens, inputs, options) => run("create", tokens, inputs, options);

/** @type {typeof import("clerk-sign-in-tokens/bulk").revokeMany} */
export const revokeMany = (tokens, ids, options) => run("revoke", tokens, ids, options);

/** @type {(method: "create" | "revoke", tokens: any, inputs: any, options?: object) => BulkRun<any>} */
function run(method, tokens, inputs, options) {
  const { callOptions, ...rest } = checked(tokens, method, inputs, options);
  const send = (/** @type {unknown} */ input) => tokens[method](input, callOptions);
  const limit = () => (tokens.instanceType === "production" ? LIVE_LIMIT : TEST_LIMIT);
  return new BulkRun(inputs, { limit, ...rest, send, isIdempotent: method === "revoke" });
}
