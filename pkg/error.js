// The one error class of this package. It is JavaScript, since only JavaScript can extend Error; Rust creates its instances.

/** @typedef {import("clerk-sign-in-tokens").SignInTokensErrorFields} Fields */

/** How many levels of `meta` get camelCase keys: many more than Clerk's have, and few enough for any stack. */
const META_DEPTH = 50;

export class SignInTokensError extends Error {
  /** @param {Fields} fields */
  constructor({
    code,
    message,
    status,
    errors = [],
    clerkTraceId,
    retryAfter,
    attempts = 0,
    outcome = "none",
    cause,
  }) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    if (status !== undefined) this.status = status;
    this.errors = errors.map((error) =>
      error.meta ? { ...error, meta: camelCase(error.meta, META_DEPTH) } : error,
    );
    if (clerkTraceId !== undefined) this.clerkTraceId = clerkTraceId;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    this.attempts = attempts;
    this.outcome = outcome;
  }
}

Object.defineProperty(SignInTokensError.prototype, "name", {
  value: "SignInTokensError",
  configurable: true,
  writable: true,
});

/**
 * Returns a copy of `value` with camelCase keys, as in Clerk's JavaScript SDKs. Keys below `depth` levels stay as they are.
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
 * Returns the error for a wrong value of `field`. The message leaves the value out, and redacts a secret key in the name.
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
