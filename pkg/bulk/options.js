// Checks the arguments of a bulk run.
import { invalidArgument } from "../error.js";
import { SignInTokens } from "../wasm/clerk_sign_in_tokens_bg.js";

/** The options that are whole numbers, with their minimums. */
const COUNTS = { concurrency: 1, maxRetries: 0, rateLimit: 1 };

const OBSERVERS = ["onPause", "onResume"];

const NAMES = [...Object.keys(COUNTS), "signal", "timeout", "headers", ...OBSERVERS];

/**
 * Checks the arguments of a run. Returns the own properties of `options`.
 *
 * @param {unknown} tokens
 * @param {unknown} inputs
 * @param {unknown} options
 * @returns {import("clerk-sign-in-tokens/bulk").ManyOptions}
 * @throws {import("clerk-sign-in-tokens").SignInTokensError} `invalid_argument`
 */
export function checked(tokens, inputs, options) {
  if (!(tokens instanceof SignInTokens)) throw invalidArgument("tokens", "a SignInTokens");
  if (!isIterable(inputs)) throw invalidArgument("inputs", "an iterable or async iterable");
  if (options === null || typeof options !== "object")
    throw invalidArgument("options", "an object");
  // Only own properties: a polluted `Object.prototype` must not set options.
  const own = Object.assign(Object.create(null), options);
  for (const name of Object.keys(own)) {
    if (!NAMES.includes(name)) {
      throw invalidArgument(name, `a known field; options has ${NAMES.join(", ")}`);
    }
  }
  for (const [name, least] of Object.entries(COUNTS)) {
    const value = own[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
      throw invalidArgument(name, `a whole number, ${least} or more`);
    }
  }
  for (const name of OBSERVERS) {
    if (own[name] !== undefined && typeof own[name] !== "function")
      throw invalidArgument(name, "a function");
  }
  if (isIterable(own.headers)) own.headers = pairsOf(own.headers);
  const { signal, timeout, headers } = own;
  // The client checks these, as it does for each call.
  new SignInTokens({ secretKey: "", timeout, headers }).free();
  if (signal && typeof signal.aborted !== "boolean") {
    throw invalidArgument("signal", "an AbortSignal");
  }
  return own;
}

/**
 * Reads headers once, because each call reads them and an iterator can be read only once.
 *
 * @param {Iterable<readonly [string, string]>} headers
 */
function pairsOf(headers) {
  try {
    return [...headers];
  } catch {
    throw invalidArgument("headers", "names and values as fetch takes them");
  }
}

/** @param {unknown} value */
function isIterable(value) {
  if (value === null || typeof value !== "object") return false;
  const { [Symbol.asyncIterator]: asynchronous, [Symbol.iterator]: synchronous } =
    /** @type {Partial<AsyncIterable<unknown> & Iterable<unknown>>} */ (value);
  return Boolean(asynchronous ?? synchronous);
}
