// The one error that this package throws.

const CAMEL = /_([a-z])/g;
const SECRET_KEY = /\bsk_\w+/g;

/** Clerk's own keys, in the style of its JavaScript SDKs. */
function camelCase(value) {
  if (Array.isArray(value)) return value.map(camelCase);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replace(CAMEL, (_, c) => c.toUpperCase()), camelCase(inner)]),
  );
}

export class SignInTokensError extends Error {
  constructor({ code, message, status, errors = [], clerkTraceId, retryAfter, attempts = 0, outcome = "none", cause }) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    if (status !== undefined) this.status = status;
    this.errors = errors.map((error) => (error.meta ? { ...error, meta: camelCase(error.meta) } : error));
    if (clerkTraceId !== undefined) this.clerkTraceId = clerkTraceId;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    this.attempts = attempts;
    this.outcome = outcome;
  }
}

Object.defineProperty(SignInTokensError.prototype, "name", {
  value: "SignInTokensError", configurable: true, writable: true,
});

/** A bug in this package, met when `attempts` requests had been sent. */
export function internalError(attempts) {
  const outcome = attempts > 0 ? "unknown" : "none";
  return new SignInTokensError({ code: "internal", message: "internal error: please report it", attempts, outcome });
}

/** `field` was not what it has to be; its value, which may be a secret in the wrong place, is not repeated. */
export function invalidArgument(field, expected, cause) {
  return new SignInTokensError({ code: "invalid_argument", message: `${field}: expected ${expected}`, cause });
}

/** `text` without `key` or anything that looks like a secret key. */
export function redact(text, key) {
  const known = key ? String(text).replaceAll(key, "[redacted]") : String(text);
  return known.replace(SECRET_KEY, "[redacted]");
}

/**
 * What is worth keeping of somebody else's error: its name, message and code, and those of its causes. The error itself
 * may hold the request, and with it the key.
 */
export function describe(error, key, depth = 3) {
  try {
    if (!(error instanceof Error)) return typeof error === "string" ? redact(error, key) : undefined;
    const cause = depth > 0 && error.cause !== undefined ? describe(error.cause, key, depth - 1) : undefined;
    const copy = new Error(redact(error.message, key), cause === undefined ? undefined : { cause });
    copy.name = redact(error.name, key);
    copy.stack = `${copy.name}: ${copy.message}`;
    if (typeof error.code === "string") copy.code = redact(error.code, key);
    return copy;
  } catch {
    return undefined; // A getter that throws.
  }
}
