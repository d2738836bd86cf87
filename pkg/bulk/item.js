// One input of a bulk run: what its earlier requests mean for the next one.

/** @typedef {import("clerk-sign-in-tokens").SignInTokensError} SignInTokensError */

/**
 * An input that was pulled, with the state of its calls.
 *
 * @template Input
 * @typedef {object} Item
 * @property {number} index
 * @property {Input} input
 * @property {number} retries
 * @property {number} notBefore the time before which it is not sent
 * @property {number} attempts requests that were sent
 * @property {boolean} isUnknown whether an earlier request may have taken effect
 * @property {SignInTokensError} [error] of the last call
 */

/** The upper bound of the first back-off and of all, in milliseconds: those of the client's own retries. */
const BACKOFF = 500;
const LONGEST_BACKOFF = 8000;

/**
 * @template Input
 * @param {number} index
 * @param {Input} input
 * @returns {Item<Input>}
 */
export function newItem(index, input) {
  return { index, input, retries: 0, notBefore: -Infinity, attempts: 0, isUnknown: false };
}

/**
 * Counts the item's earlier requests in the error of its last one.
 *
 * @param {Item<unknown>} item
 * @param {SignInTokensError} error
 */
export function addToError(item, error) {
  // A call can reject with anything, such as what a replaced method throws.
  if (!error?.outcome) return;
  item.attempts += error.attempts;
  item.isUnknown ||= error.outcome === "unknown";
  const outcome = item.isUnknown ? "unknown" : error.outcome;
  Object.assign(error, { attempts: item.attempts, outcome });
}

/**
 * Returns the milliseconds to wait before an item's retry: `Retry-After`, or an exponential back-off with full jitter. After a
 * 429 it is 0, because the rate limiter makes all items wait.
 *
 * @param {number} retry counts from 1
 * @param {SignInTokensError} error
 */
export function waitBefore(retry, { code, retryAfter }) {
  if (code === "rate_limited") return 0;
  if (retryAfter !== undefined) return retryAfter * 1000;
  return Math.min(BACKOFF * 2 ** (retry - 1), LONGEST_BACKOFF) * Math.random();
}
