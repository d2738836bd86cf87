// Builds the answers to the page: the Worker's own, and what the package read in Clerk's.
import type { ClerkAPIError, SignInToken, SignInTokensError } from "clerk-sign-in-tokens";

import { type AnswerCode, ANSWERS } from "../contract.ts";
import type { Env } from "./types.ts";

/** An answer that can be sent more than once, and through a Durable Object. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export const respond = ({ body, ...init }: Answer) => new Response(body, init);

interface Details {
  message?: string;
  meta?: object;
  retryAfter?: number;
}

/** Returns one of the Worker's own answers, in the shape of the API's errors. */
export function own(code: AnswerCode, { message, meta, retryAfter }: Details = {}): Answer {
  const said = message ?? ANSWERS[code].message;
  const errors = [{ code, message: said, long_message: said, ...(meta && { meta }) }];
  return answer(ANSWERS[code].status, { errors }, retryAfter);
}

export const refuse = (code: AnswerCode, details?: Details) => respond(own(code, details));

/** Returns the token in the shape of the API. */
export function tokenAnswer(env: Env, token: SignInToken, traceId?: string): Answer {
  const { userId: user_id, createdAt: created_at, updatedAt: updated_at, url, ...rest } = token;
  const wire = { ...rest, user_id, url: url ?? null, created_at, updated_at };
  const { headers, ...sent } = redacted(env, answer(200, wire));
  return { ...sent, headers: { ...headers, ...(traceId && { "clerk-trace-id": traceId }) } };
}

/** Returns the error so that the package in the page reads the same from it. */
export function errorAnswer(env: Env, error: SignInTokensError, traceId?: string): Answer {
  const { code, message, outcome, errors, status = 0, retryAfter } = error;
  const body = { errors: errors.map(wireError), clerk_trace_id: traceId };
  if (outcome === "unknown" && code !== "not_pending") {
    if (errors.length === 0)
      body.errors = [wireError({ code: causeOf(error), message, longMessage: message })];
    return redacted(env, answer(status >= 500 && status < 600 ? status : 502, body, retryAfter));
  }
  if (code === "invalid_argument") return own(code, { message });
  // The error is about the deployment's key, not about the admin.
  if (code === "unauthorized") return own("secret_key_refused");
  if (status < 400) return own("clerk_unreachable");
  return redacted(env, answer(status, body, retryAfter));
}

/**
 * Returns a trace ID that can be passed on. Any other text in its place may be a secret.
 */
export function traceIdOf({ CLERK_SECRET_KEY }: Env, value?: string) {
  const isTraceId = value && /^[\w-]{1,64}$/.test(value) && !value.includes(CLERK_SECRET_KEY);
  return isTraceId ? value : undefined;
}

/**
 * With these codes, an unknown outcome would read like Clerk's refusal. It was another's on the
 * way.
 */
const causeOf = ({ code }: SignInTokensError) =>
  ["not_found", "rejected", "unauthorized"].includes(code) ? "invalid_response" : code;

const wireError = ({ code, message, longMessage, meta }: ClerkAPIError) => ({
  code,
  message,
  long_message: longMessage,
  ...(meta && { meta }),
});

function answer(status: number, body: unknown, retryAfter?: number): Answer {
  const headers = {
    "content-type": "application/json",
    ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
  };
  return { status, headers, body: JSON.stringify(body) };
}

/** The package has redacted its errors; this covers what an upstream may put into a token. */
const redacted = ({ CLERK_SECRET_KEY }: Env, { body, ...rest }: Answer): Answer => ({
  ...rest,
  body: body.replaceAll(CLERK_SECRET_KEY, "[redacted]"),
});
