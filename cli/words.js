// A failed call in words: what happened, with which host, and what to do where the outcome is unknown.

/** What runtimes say, as a code or (Deno) in a message, when no connection came about. Then nothing was sent. */
const NO_CONNECTION = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
]);
const NO_CONNECTION_MESSAGE =
  /client error \(Connect\)|Requests to port \d+ are blocked|^bad port$/;

/** Where to look for a token that nobody holds. */
export const WHERE_TO_LOOK =
  "Look in Clerk's Dashboard, under Application Logs, for sign_in_token.created of that user " +
  "(kept 1, 7 or 30 days, by plan).";

/** Whether the operation may have taken effect: "none" or "unknown". */
export function outcomeOf(error) {
  return error.code === "network" && causes(error).some(isNoConnection) ? "none" : error.outcome;
}

/** What happened, without a full stop. Holds no secret: the client's errors hold none. */
export function describe(error, apiUrl) {
  const { code, status, message, errors = [], clerkTraceId } = error;
  const said = errors.map(({ longMessage, message }) => longMessage || message).filter(Boolean);
  const parts = [
    code in OWN_WORDS ? OWN_WORDS[code](error, new URL(apiUrl).host) : message,
    ...said,
  ];
  if (code === "rejected" && said.length > 0) parts.shift();
  if (status && status >= 500) parts.push(`HTTP ${status}`);
  if (clerkTraceId) parts.push(`trace ID ${clerkTraceId}`);
  return parts.map((part) => part.replace(/\.$/, "")).join("; ");
}

const OWN_WORDS = {
  unauthorized: ({ status }) => `Clerk refused the secret key (${status})`,
  not_found: () => "not found",
  network(error, host) {
    const isRefused = causes(error).some(isNoConnection);
    const what = isRefused
      ? `no connection to ${host}, so nothing was sent`
      : `no answer from ${host}`;
    const { code, message } = causes(error).at(-1) ?? {};
    const why = message?.includes(code) ? message : [code, message].filter(Boolean).join(": ");
    return why ? `${what} (${why})` : what;
  },
  timeout: (_, host) => `no answer from ${host} in time`,
  server_error: (_, host) => `${host} failed`,
};

function isNoConnection({ code, message }) {
  return NO_CONNECTION.has(code) || NO_CONNECTION_MESSAGE.test(message);
}

function causes(error) {
  const found = [];
  for (let { cause } = error; cause instanceof Error; { cause } = cause) found.push(cause);
  return found;
}
