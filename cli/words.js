// Describes a failed call: what happened, with which host, and where to look after an unknown outcome.

/** @typedef {import("clerk-sign-in-tokens").SignInTokensError} SignInTokensError */

/** The codes and (Deno) messages of runtimes for a connection that could not be made. Then nothing was sent. */
const NO_CONNECTION = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
]);

/** The codes for a network that is away, before a connection is made or after the request was sent. */
const NO_NETWORK = new Set(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"]);

const NO_CONNECTION_MESSAGE =
  /client error \(Connect\)|Requests to port \d+ are blocked|^bad port$/;

/** Tells where to look for a token that nobody holds. */
export const WHERE_TO_LOOK =
  "Look in Clerk's Dashboard, under Application Logs, for the event sign_in_token.created of that user " +
  "(kept for 1, 7 or 30 days, depending on the plan).";

/**
 * Returns the outcome of a failed call: "none" also where no connection was made.
 *
 * @param {SignInTokensError} error
 */
export function outcomeOf(error) {
  return error.code === "network" && causes(error).some(isNoConnection) ? "none" : error.outcome;
}

/**
 * Returns what happened, without a full stop. It contains no secret, since the client's errors contain none.
 *
 * @param {SignInTokensError} error
 * @param {string} apiUrl
 */
export function describe(error, apiUrl) {
  const { code, status, message, errors = [], clerkTraceId } = error;
  const said = errors.map(({ longMessage, message }) => longMessage || message).filter(Boolean);
  const parts = [OWN_WORDS[code]?.(error, new URL(apiUrl).host) ?? message, ...said];
  if (code === "rejected" && said.length > 0) parts.shift();
  // Without Clerk's own words, the status is all that is known.
  const isUnexplained = code === "rejected" && said.length === 0;
  if (status && (status >= 500 || isUnexplained)) parts.push(`HTTP ${status}`);
  if (clerkTraceId) parts.push(`trace ID ${clerkTraceId}`);
  return parts.map((part) => part.replace(/\.$/, "")).join("; ");
}

/** @type {Partial<Record<import("clerk-sign-in-tokens").ErrorCode, (error: SignInTokensError, host: string) => string>>} */
const OWN_WORDS = {
  unauthorized: ({ status }) => `Clerk refused the secret key (${status})`,
  not_found: () => "not found",
  network(error, host) {
    const isRefused = causes(error).some(isNoConnection);
    const what = isRefused
      ? `no connection to ${host}, so nothing was sent`
      : `no answer from ${host}`;
    const { code = "", message = "" } = causes(error).at(-1) ?? {};
    const why = message.includes(code) ? message : [code, message].filter(Boolean).join(": ");
    return why ? `${what} (${why})` : what;
  },
  timeout: (_, host) => `no answer from ${host} in time`,
  server_error: (_, host) => `${host} failed`,
};

/** @param {NodeJS.ErrnoException} error */
function isNoConnection({ name, code = "", message }) {
  if (NO_CONNECTION.has(code) || NO_CONNECTION_MESSAGE.test(message)) return true;
  // Node connects to several addresses at once: an error for all of them has no message.
  const isConnecting =
    message.startsWith("connect ") || (name === "AggregateError" && message === "");
  return NO_NETWORK.has(code) && isConnecting;
}

/**
 * Returns the cause of an error, its cause, and so on.
 *
 * @param {Error} error
 */
function causes(error) {
  /** @type {NodeJS.ErrnoException[]} */
  const found = [];
  for (let { cause } = error; cause instanceof Error; { cause } = cause) found.push(cause);
  return found;
}
