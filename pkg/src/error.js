// The one error class of this package. It is JavaScript, since only JavaScript can extend Error;
// Rust creates its instances.

import { own } from "./platform.js";

/** @typedef {import("clerk-sign-in-tokens").SignInTokensErrorFields} Fields */

/**
 * How many levels of `meta` get camelCase keys: many more than Clerk's have, and few enough for
 * any stack.
 */
const META_DEPTH = 50;

export class SignInTokensError extends Error {
  /** @param {Fields} fields only own properties count */
  constructor(fields) {
    const { code, message, status, errors, clerkTraceId, retryAfter, attempts, outcome, cause } =
      /** @type {Fields} */ ({ __proto__: null, ...fields });
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    if (status !== undefined) this.status = status;
    this.errors = (errors ?? []).map((error) =>
      own(error).meta ? { ...error, meta: camelCase(error.meta, META_DEPTH) } : error,
    );
    if (clerkTraceId !== undefined) this.clerkTraceId = clerkTraceId;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    this.attempts = attempts ?? 0;
    this.outcome = outcome ?? "none";
  }
}

Object.defineProperty(SignInTokensError.prototype, "name", {
  value: "SignInTokensError",
  configurable: true,
  writable: true,
});

/**
 * Creates an error for the wasm. `texts` has four texts for each of Clerk's errors: code, message,
 * long message, and `meta` as JSON, empty where there is none. Each text ends with NUL.
 *
 * @type {(code: any, message: string, status: number | undefined, texts: string,
 *   clerkTraceId: string | undefined, retryAfter: number | undefined, attempts: number,
 *   outcome: any, cause: unknown) => SignInTokensError}
 */
export function errorOf(code, message, status, texts, clerkTraceId, retryAfter, ...rest) {
  const errors = [];
  const all = texts.split("\0");
  for (let at = 0; at + 4 < all.length; at += 4) {
    const [code, message, longMessage, meta] = all.slice(at, at + 4);
    errors.push({ code, message, longMessage, ...(meta && { meta: parsed(meta) }) });
  }
  const [attempts, outcome, cause] = rest;
  const fields = { code, message, status, errors, clerkTraceId, retryAfter };
  return new SignInTokensError({ ...fields, attempts, outcome, cause });
}

/**
 * Creates the cause of an error. Its stack is not that of the error which it describes, and may
 * contain its message.
 *
 * @param {string} name
 * @param {string} message
 * @param {string} [code]
 * @param {unknown} [cause]
 */
export function causeOf(name, message, code, cause) {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  const fields = { name, stack: `${name}: ${message}`, ...(code !== undefined && { code }) };
  // Where `Error.prototype` is frozen, a name cannot be assigned.
  return Object.defineProperties(error, Object.getOwnPropertyDescriptors(fields));
}

/** @param {string} meta is not JSON where a number was redacted that equals a short key */
function parsed(meta) {
  try {
    return JSON.parse(meta);
  } catch {
    return undefined;
  }
}

/**
 * Returns a copy of `value` with camelCase keys, as in Clerk's JavaScript SDKs. Keys below `depth`
 * levels stay as they are.
 *
 * @param {unknown} value
 * @param {number} depth
 * @returns {unknown}
 */
function camelCase(value, depth) {
  if (depth === 0 || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((inner) => camelCase(inner, depth - 1));
  const entries = Object.entries(value).map(([key, inner]) => [
    key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()),
    camelCase(inner, depth - 1),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Gives an error of this package the stack of the code that called `above`, where the engine can.
 *
 * @param {unknown} error
 * @param {Function} above
 */
export function fromHere(error, above) {
  const { captureStackTrace } = /** @type {any} */ (Error);
  if (error instanceof SignInTokensError) captureStackTrace?.(error, above);
  return error;
}

/**
 * Returns the error for a wrong value of `field`. The message leaves the value out, and redacts a
 * secret key in the name.
 *
 * @param {string} field
 * @param {string} expected
 */
export function invalidArgument(field, expected) {
  const name = field.replace(/(?:\bsk_|sk_(?:live|test)_)\w+/g, "[redacted]");
  return new SignInTokensError({
    code: "invalid_argument",
    message: `${name}: expected ${expected}`,
  });
}
