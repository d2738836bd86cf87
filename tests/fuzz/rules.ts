// The rules that hold for every answer of an API. Each function returns the rules that were broken,
// as text.

import type { AttemptEvent, SignInToken, SignInTokensError } from "clerk-sign-in-tokens";

import type { Call } from "../support/scripted.ts";

/** A call of the package, with the API's answers and what the API saw. */
export interface PlannedCall extends Call {
  operation: "create" | "revoke";
  maxRetries: number;
  key: string;
  token: { id: string; userId: string; ticket: string };
}

/** A call that is made by itself. */
export interface SingleCall extends PlannedCall {
  otherKey: string;
  timeout: number;
  abortAfter?: number;
  /** Another origin. */
  elsewhere: string;
}

type Failure = SignInTokensError & { isSignInTokensError: boolean };

/** A call's token or error, from the agent. */
export interface Result {
  token?: SignInToken;
  error?: Failure;
}

interface Observed extends Result {
  aborted?: boolean;
  late: number;
  events: AttemptEvent[];
  renderings?: string[];
  fields: string[];
}

/** The milliseconds by which a call may exceed its timeout. */
const LATEST = 500;

export const LATE = `more than ${LATEST} ms late`;

/** The own fields that a token and an error may have. JavaScriptCore adds the place to an error. */
const TOKEN_FIELDS = ["object", "id", "userId", "status", "token", "url", "createdAt", "updatedAt"];
const ERROR_FIELDS = [
  ...["message", "stack", "cause", "line", "column", "originalLine", "originalColumn", "sourceURL"],
  ...["code", "status", "outcome", "attempts", "errors", "clerkTraceId", "retryAfter"],
];
const areKnown = (fields: string[], known: string[]) =>
  fields.every((field) => known.includes(field));

/**
 * Statuses whose answers have no body, or are not final; or a proxy's 407, which is a network error
 * by the standard of fetch, as in Node.
 */
const isUnread = (status: number) => status < 200 || [204, 205, 304, 407].includes(status);

const brokenOf = (rules: Record<string, unknown>) =>
  Object.entries(rules)
    .filter(([, isBroken]) => isBroken)
    .map(([rule]) => rule);

/** Checks the agent's result of one call. */
export function brokenByCall(call: SingleCall, observed: Observed) {
  const { token, error, aborted, late, events, renderings, fields } = observed;
  const shown = JSON.stringify([renderings ?? [], error ?? {}, events]);
  return [
    ...brokenByOutcome(call, { token, error }),
    ...brokenOf({
      "neither a token nor an error": !token && !error && !aborted,
      "attempts were observed in another context": !areObserved(observed),
      "a field of a token that is not documented":
        token && !areKnown(Object.keys(token), TOKEN_FIELDS),
      "a field of an error that is not documented": error && !areKnown(fields, ERROR_FIELDS),
      "an error that is not this package's": error && !error.isSignInTokensError,
      "a bug in this package": error?.code === "internal",
      [LATE]: late > LATEST,
      "the secret key is shown": shown.includes(call.key),
      "another secret key is shown": shown.includes(call.otherKey),
      "the ticket is shown": shown.includes(call.token.ticket),
    }),
  ];
}

/**
 * Returns whether the call's own context saw its attempts. Where an abort or a timeout is observed
 * is left open.
 */
function areObserved({ token, error, events }: Observed) {
  if (token) return events.length > 0 && events.at(-1)?.code === undefined;
  return !error || error.code === "timeout" || events.length === error.attempts;
}

/** Checks the rules for one operation, made by a call or in a bulk run. */
export function brokenByOutcome(call: PlannedCall, { token, error }: Result) {
  const { arrived, effects, operation, maxRetries } = call;
  const sent = arrived.length;
  const last = arrived.at(-1);
  const isCreate = operation === "create";
  // Node itself repeats a request after a 421, with which the API says that it did not process it.
  const mayRepeat = ({ status }: { status: number }) => status === 429 || status === 421;
  const isMisdirected = arrived.some(({ status }) => status === 421);
  // All requests arrived, and the last one got a whole, final answer in time.
  const isClear =
    last?.isWhole &&
    !isUnread(last.status) &&
    error?.code !== "timeout" &&
    sent === error?.attempts;
  const status = last?.status ?? 0;
  const isRefused = status === 429 || (last?.isErrors && status >= 400 && status < 500);
  return brokenOf({
    'outcome "none", but it took effect': error?.outcome === "none" && effects > 0,
    "the secret key of another context was sent": !arrived.every(
      ({ request }) => request.headers.authorization === `Bearer ${call.key}`,
    ),
    "took effect twice": isCreate && effects > 1,
    "a token that the API did not make": token && (token.id !== call.token.id || effects === 0),
    "a token of another user": token && token.userId !== call.token.userId,
    "retried a request that may have taken effect":
      isCreate && !arrived.slice(0, -1).every(mayRepeat),
    "more requests than retries allow": sent > maxRetries + 1 && !isMisdirected,
    "more requests than attempts": error && sent > error.attempts && !isMisdirected,
    [`a token in a whole answer was not returned, but ${error?.code}`]:
      isClear && last.isToken && status >= 200 && status < 300,
    'refused in a whole answer, but not outcome "none"':
      isClear && isCreate && error?.outcome === "unknown" && isRefused && !isMisdirected,
  });
}
