// Builds the answers to the page only from what the package read from Clerk's answers.
import { isNotPending } from "../not-pending.js";
import { errorResponse } from "./error-response.js";

/** @import { ClerkAPIError, SignInToken, SignInTokensError } from "clerk-sign-in-tokens" */
/** @import { Env, Result } from "./types" */

/** Codes of a 4xx. Where the outcome is unknown, it did not come from Clerk. */
const REFUSALS = ["not_found", "rejected", "unauthorized"];

/**
 * The result of an operation in the shape of the API, so that the package in the page reads it.
 *
 * @param {Env} env
 * @param {Result} result
 */
export function answer(env, { token, error, traceId }) {
  if (error) return errorAnswer(env, error, traceId);
  return json(env, 200, wireToken(token), traceId ? { "clerk-trace-id": traceId } : {});
}

/**
 * Returns a trace ID that can be passed on. Any other text in its place may be a secret.
 *
 * @param {Env} env
 * @param {string | null} [value]
 */
export function traceIdOf({ CLERK_SECRET_KEY }, value) {
  const isTraceId = value && /^[\w-]{1,64}$/.test(value) && !value.includes(CLERK_SECRET_KEY);
  return isTraceId ? value : undefined;
}

/**
 * @param {Env} env
 * @param {SignInTokensError} error
 * @param {string} [traceId]
 */
function errorAnswer(env, error, traceId) {
  const { code, message, status, retryAfter } = error;
  const headers = retryAfter ? { "retry-after": String(retryAfter) } : undefined;
  if (error.outcome === "unknown" && !isNotPending(error))
    return json(env, ...unknown(error, traceId), headers);
  if (code === "invalid_argument") return errorResponse(422, code, message);
  // The error is about the deployment's key, not about the admin.
  if (code === "unauthorized")
    return errorResponse(
      403,
      "secret_key_refused",
      "Clerk does not accept the secret key of this deployment.",
    );
  const body = { errors: error.errors.map(wireError), clerk_trace_id: traceId };
  if (status && status >= 400) return json(env, status, body, headers);
  return errorResponse(424, code, message);
}

/**
 * Returns a status and a body that the package in the page reads as an unknown outcome too. With a proxy's own 404 it would read
 * "No link was created", because this answer has Clerk's shape, and a retry would make a second token.
 *
 * @param {SignInTokensError} error
 * @param {string} [traceId]
 * @returns {[number, object]}
 */
function unknown({ errors, code, message, status = 0 }, traceId) {
  const isServerError = status >= 500 && status <= 599;
  const cause = REFUSALS.includes(code) ? "invalid_response" : code;
  const said = errors.length > 0 ? errors : [{ code: cause, message, longMessage: message }];
  const body = { errors: said.map(wireError), clerk_trace_id: traceId };
  return [isServerError ? status : 502, body];
}

/** @param {ClerkAPIError} error */
function wireError({ code, message, longMessage, meta }) {
  return { code, message, long_message: longMessage, ...(meta && { meta }) };
}

/** @param {SignInToken} token */
function wireToken({ object, id, status, userId, token, url, createdAt, updatedAt }) {
  return {
    object,
    id,
    status,
    user_id: userId,
    token,
    url: url ?? null,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

/**
 * The package has redacted its errors; this covers what an upstream may put into a token.
 *
 * @param {Env} env
 * @param {number} status
 * @param {unknown} body
 * @param {Record<string, string>} [headers]
 */
function json({ CLERK_SECRET_KEY }, status, body, headers) {
  const text = JSON.stringify(body).replaceAll(CLERK_SECRET_KEY, "[redacted]");
  return new Response(text, {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}
