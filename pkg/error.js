// The one error that this package throws. A JavaScript class, since only JavaScript can extend Error; Rust makes it.

export class SignInTokensError extends Error {
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

/** Spells Clerk's own keys in the style of its JavaScript SDKs. */
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
 * Refuses `field`, whose name may be a secret in the wrong place. So may the value, which is not repeated.
 */
export function invalidArgument(field, expected) {
  const name = field.replace(/\bsk_\w+/g, "[redacted]");
  return new SignInTokensError({
    code: "invalid_argument",
    message: `${name}: expected ${expected}`,
  });
}
