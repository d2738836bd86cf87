// The one error class of this package. It is JavaScript, since only JavaScript can extend Error; Rust creates its instances.

/** @typedef {import("clerk-sign-in-tokens").SignInTokensErrorFields} Fields */

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
      error.meta ? { ...error, meta: camelCase(error.meta) } : error,
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
 * Returns a copy of `value` with camelCase keys, as in Clerk's JavaScript SDKs.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
function camelCase(value) {
  if (Array.isArray(value)) return value.map(camelCase);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()),
    camelCase(inner),
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
  const name = field.replace(/\bsk_\w+/g, "[redacted]");
  return new SignInTokensError({
    code: "invalid_argument",
    message: `${name}: expected ${expected}`,
  });
}
