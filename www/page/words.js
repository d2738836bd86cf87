// Errors as people need them: what happened, whether something may exist, what to do next. Each of it once.

/**
 * @import { ErrorCode, SignInTokensError } from "clerk-sign-in-tokens"
 * @import { Operation } from "./types"
 */

/**
 * Refusals of the edge function itself. In all of these nothing was sent to Clerk.
 *
 * @type {Partial<Record<string, [string, string]>>}
 */
const OWN = {
  secret_key_refused: [
    "Clerk does not accept the secret key",
    "The secret key of this deployment is wrong, or it was rotated. Ask whoever deployed this page to set CLERK_SECRET_KEY again.",
  ],
  history_unavailable: [
    "The history cannot be written",
    "Nothing is sent to Clerk unless it can be written down first. Try again in a moment.",
  ],
  session_unavailable: ["The login could not be checked", "Nothing was sent to Clerk. Try again."],
};

/** @type {Partial<Record<ErrorCode, string>>} */
const TITLES = {
  invalid_argument: "That cannot be sent",
  unauthorized: "Clerk refused access",
  not_found: "Clerk did not find it",
  rejected: "Clerk refused the request",
  rate_limited: "Too many requests",
  internal: "This page failed",
};

/** @type {Partial<Record<ErrorCode, string>>} */
const CAUSES = {
  server_error: "Clerk answered with a server error.",
  network: "No answer came from Clerk.",
  timeout: "No answer came from Clerk in time.",
  invalid_response: "What answered was not Clerk.",
  internal: "Something failed on the way.",
};

/**
 * `{ title, text, isUnknown, isFinal }` of an error of "create" or "revoke".
 *
 * @param {SignInTokensError} error
 * @param {Operation} operation
 */
export function explain(error, operation) {
  const { code, outcome, errors } = error;
  const own = OWN[errors[0]?.code ?? ""];
  if (own) return { title: own[0], text: own[1], isUnknown: false };
  if (outcome === "unknown")
    return {
      title:
        operation === "create" ? "A link may have been created" : "The link may have been revoked",
      text: joined([
        CAUSES[code] ?? "",
        operation === "revoke" ? "Revoke it again: doing it twice does no harm." : "",
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

/**
 * What Clerk says, or the package where Clerk says nothing.
 *
 * @param {SignInTokensError} error
 */
export function saidBy({ errors, code, message }) {
  const said = [...new Set(errors.map(({ longMessage, message: short }) => longMessage || short))];
  return joined(
    said.length > 0 ? said : [code === "invalid_argument" ? message : (CAUSES[code] ?? "")],
  );
}

/**
 * Sentences, each with its full stop.
 *
 * @param {(string | undefined)[]} texts
 */
function joined(texts) {
  const given = texts.filter((text) => text !== undefined && text !== "");
  return given.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(" ");
}
