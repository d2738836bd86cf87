// Explains errors: what happened, whether a link may exist, what to do next.
import type { ErrorCode, SignInTokensError } from "clerk-sign-in-tokens";
import type { Operation } from "./types.ts";

/** Titles and texts for refusals of the edge function itself. It sent nothing to Clerk. */
const OWN: Partial<Record<string, [string, string]>> = {
  secret_key_refused: [
    "Clerk does not accept the secret key",
    "The secret key of this deployment is wrong or was rotated. Ask whoever deployed this page to update CLERK_SECRET_KEY.",
  ],
  history_unavailable: [
    "The history cannot be written",
    "The page sends nothing to Clerk without recording it first. Try again in a moment.",
  ],
  session_unavailable: ["The login could not be checked", "Nothing was sent to Clerk. Try again."],
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
  const { code, outcome, errors } = error;
  const own = OWN[errors[0]?.code ?? ""];
  if (own) return { title: own[0], text: own[1], isUnknown: false };
  if (outcome === "unknown")
    return {
      title:
        operation === "create" ? "A link may have been created" : "The link may have been revoked",
      text: joined([
        causeOf(error),
        operation === "revoke" ? "Revoke it again. Revoking twice does no harm." : "",
      ]),
      isUnknown: true,
    };
  const done = operation === "create" ? "No link was created." : "Nothing was revoked.";
  if (code === "rate_limited")
    return {
      title: TITLES.rate_limited,
      text: `Clerk limits how many requests an instance may send in 10 seconds. ${done}`,
      isUnknown: false,
    };
  return {
    title: TITLES[code] ?? "Clerk could not be reached",
    text: joined([saidBy(error), done]),
    isUnknown: false,
  };
}

/** Returns Clerk's own words, or else what happened. */
export function saidBy(error: SignInTokensError) {
  const { code, errors, message } = error;
  const own = errors.filter((one) => !(one.code in CAUSES));
  const said = [...new Set(own.map(({ longMessage, message: short }) => longMessage || short))];
  return joined(said.length > 0 ? said : [code === "invalid_argument" ? message : causeOf(error)]);
}

/**
 * Returns why there is no answer. Where it was lost between the edge function and Clerk, the edge function says so by a code of
 * the package.
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
