// Describes a failed call: what happened, with which host, and where to look for a lost token.
import type { ErrorCode, SignInTokensError } from "clerk-sign-in-tokens";

/** Tells where to look for the token of an unknown user. */
export const WHERE_TO_LOOK =
  "Look in Clerk's Dashboard, under Application Logs, for the event sign_in_token.created of the " +
  "user (kept for 1, 7 or 30 days, depending on the plan).";

/** Returns a number as people read it. */
export const number = (value: number) => value.toLocaleString("en-US");

/** Returns a text such as "1 request" or "2,000 requests". */
export const count = (value: number, noun: string) =>
  `${number(value)} ${noun}${value === 1 ? "" : "s"}`;

/** Returns what happened, without a full stop and, as the client's errors, without a secret. */
export function describe(error: SignInTokensError, apiUrl: string) {
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

const OWN_WORDS: Partial<Record<ErrorCode, (error: SignInTokensError, host: string) => string>> = {
  // Only an answer in Clerk's format comes from Clerk.
  unauthorized: ({ status, outcome }, host) =>
    outcome === "none"
      ? `Clerk refused the secret key (${status})`
      : `not Clerk, but a proxy or a firewall before ${host} refused the request (${status})`,
  not_found: () => "not found",
  network(error, host) {
    const what =
      error.outcome === "none"
        ? `no connection to ${host}, so nothing was sent`
        : `no answer from ${host}`;
    const { code = "", message = "" } = rootOf(error) ?? {};
    const why = message.includes(code) ? message : [code, message].filter(Boolean).join(": ");
    return why ? `${what} (${why.trim().replace(/\s+/g, " ")})` : what;
  },
  rate_limited: () => "rate limit",
  timeout: (_, host) => `no answer from ${host} in time`,
  server_error: (_, host) => `${host} failed`,
};

/** Returns the first cause of an error. */
function rootOf({ cause }: Pick<Error, "cause">): NodeJS.ErrnoException | undefined {
  return cause instanceof Error ? (rootOf(cause) ?? cause) : undefined;
}
