// Explains errors: what happened, whether a link may exist, what to do next.
import { type ErrorCode, SignInTokensError } from "clerk-sign-in-tokens";

import { type AnswerCode, ANSWERS } from "../contract.ts";
import type { Operation } from "./types.ts";

/** The edge function's own answers that have a title. */
const OWN: Partial<Record<AnswerCode, string>> = {
  secret_key_refused: "Clerk does not accept the secret key",
  history_unavailable: "The history cannot be written",
  session_unavailable: "The login could not be checked",
  access_unavailable: "The login could not be checked",
  clerk_unreachable: "Clerk could not be reached",
  already_created: "The link was created before",
  already_failed: "No link was created",
};

/** What to do about some of them. */
const NEXT: Partial<Record<AnswerCode, string>> = {
  secret_key_refused:
    "The secret key of this deployment is wrong or was rotated. " +
    "Ask whoever deployed this page to update CLERK_SECRET_KEY.",
  history_unavailable:
    "The page sends nothing to Clerk without recording it first. Try again in a moment.",
};

const TITLES: Partial<Record<ErrorCode, string>> = {
  invalid_argument: "The request is not valid",
  unauthorized: "Clerk refused access",
  not_found: "Clerk found nothing with this ID",
  rejected: "Clerk refused the request",
  rate_limited: "Too many requests",
  internal: "This page failed",
};

const CAUSES: Partial<Record<ErrorCode, string>> = {
  server_error: "Clerk answered with a server error.",
  network: "No answer came from Clerk.",
  timeout: "No answer came from Clerk in time.",
  invalid_response: "The answer did not come from Clerk.",
  internal: "The request failed.",
};

/** Returns the title and text for an error, and whether its outcome is unknown. */
export function explain(error: SignInTokensError, operation: Operation) {
  const { code, outcome } = error;
  const isUnknown = outcome === "unknown";
  const own = ownCode(error);
  if (own && (OWN[own] || !ANSWERS[own].sent))
    return {
      title: OWN[own] ?? "Nothing was sent to Clerk",
      text: NEXT[own] ?? saidBy(error),
      isUnknown,
    };
  const isCreate = operation === "create";
  const what = isCreate ? "A link may have been created" : "The link may have been revoked";
  const again = isCreate ? "" : "Revoke it again. Revoking twice does no harm.";
  if (isUnknown) return { title: what, text: joined([causeOf(error), again]), isUnknown };
  const done = isCreate ? "No link was created." : "Nothing was revoked.";
  if (code === "network")
    return { title: "You are offline", text: `Nothing was sent. ${done}`, isUnknown };
  const limit = "Clerk limits how many requests an instance may send in 10 seconds.";
  const said = code === "rate_limited" ? limit : saidBy(error);
  return {
    title: TITLES[code] ?? "Clerk could not be reached",
    text: joined([said, done]),
    isUnknown,
  };
}

/** Returns the code of an answer of the edge function itself. Clerk's may have the same. */
export function ownCode({ errors, status }: SignInTokensError) {
  const code = errors[0]?.code as AnswerCode;
  return Object.hasOwn(ANSWERS, code ?? "") && ANSWERS[code].status === status ? code : undefined;
}

/** Returns Clerk's own words, or else what happened. */
export function saidBy(error: SignInTokensError) {
  const { code, errors, message } = error;
  const own = errors.filter((one) => !(one.code in CAUSES));
  const said = [...new Set(own.map(({ longMessage, message: short }) => longMessage || short))];
  return joined(said.length > 0 ? said : [code === "invalid_argument" ? message : causeOf(error)]);
}

/**
 * Returns why there is no answer. Where it was lost between the edge function and Clerk, the edge
 * function says so by a code of the package.
 */
function causeOf({ code, errors }: SignInTokensError) {
  const causes: Partial<Record<string, string>> = CAUSES;
  return causes[errors[0]?.code ?? code] ?? causes[code] ?? "";
}

/** Joins sentences, each with its full stop. */
function joined(texts: string[]) {
  return texts
    .filter(Boolean)
    .map((text) => (/[.!?]$/.test(text) ? text : `${text}.`))
    .join(" ");
}

/** Returns what was thrown as an error of the package. Anything else is a bug of this page. */
export const asError = (thrown: unknown) =>
  thrown instanceof SignInTokensError
    ? thrown
    : new SignInTokensError({ code: "internal", outcome: "unknown", message: "The page failed." });

/**
 * Whether no answer of the edge function came: to ask again with the same request ID is safe then.
 */
export const isLost = ({ code, outcome, status }: SignInTokensError) =>
  outcome === "unknown" && status === undefined && (code === "network" || code === "timeout");

/** Returns the error of a request that was not sent. */
export const offlineError = () =>
  new SignInTokensError({ code: "network", outcome: "none", message: "The browser is offline." });

/**
 * Whether `error` says that the session has ended: then nothing was sent to Clerk, and the request
 * can be repeated. Only the edge function and Access answer 401; Clerk's own errors come with
 * another status, whatever their codes.
 */
export const isLoggedOut = (error: unknown) =>
  error instanceof SignInTokensError &&
  ["session_required", "access_required"].includes(ownCode(error) ?? "");
