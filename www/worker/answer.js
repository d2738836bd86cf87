// What the page is told: the API's own answers as far as the package reads them, and nothing else of what came in.
import { SignInTokensError } from "clerk-sign-in-tokens";

import { errorResponse } from "./error-response.js";

/** The result of an operation in the shape of the API, so that the package in the page reads it. */
export function answer(env, { token, error, traceId }) {
  return error
    ? errorAnswer(env, error, traceId)
    : json(env, 200, wireToken(token), traceId && { "clerk-trace-id": traceId });
}

/** A trace ID that can be passed on: whatever else stands in its place may be a secret. */
export function traceIdOf({ CLERK_SECRET_KEY }, value) {
  const isTraceId = /^[\w-]{1,64}$/.test(value ?? "") && !value.includes(CLERK_SECRET_KEY);
  return isTraceId ? value : undefined;
}

function errorAnswer(env, error, traceId) {
  if (!(error instanceof SignInTokensError))
    return errorResponse(502, "internal", "The edge function failed.");
  const { code, message, status, outcome, retryAfter } = error;
  if (code === "invalid_argument") return errorResponse(422, code, message);
  // About our key, not about the admin.
  if (code === "unauthorized")
    return errorResponse(
      403,
      "secret_key_refused",
      "Clerk does not accept the secret key of this deployment.",
    );
  const body = { errors: error.errors.map(wireError), clerk_trace_id: traceId };
  if (status >= 400)
    return json(env, status, body, retryAfter && { "retry-after": String(retryAfter) });
  // A status that tells the page the same as the package told us: whether it may have taken effect.
  return errorResponse(outcome === "none" ? 424 : 502, code, message);
}

function wireError({ code, message, longMessage, meta }) {
  return { code, message, long_message: longMessage, ...(meta && { meta }) };
}

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

/** The package has redacted its errors; this covers what an upstream may put into a token. */
function json({ CLERK_SECRET_KEY }, status, body, headers) {
  const text = JSON.stringify(body).replaceAll(CLERK_SECRET_KEY, "[redacted]");
  return new Response(text, {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}
