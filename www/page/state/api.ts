// Points the package at this page's origin, where the edge function has the secret key.
import {
  type FetchLikeInit,
  type FetchLikeResponse,
  SignInTokens,
  SignInTokensError,
} from "clerk-sign-in-tokens";

import { NOTES, type Notes, REQUEST_ID } from "../../contract.ts";

/** What goes with a request in its headers. */
export interface Order {
  requestId: string;
  notes: Notes;
}

export const tokens = new SignInTokens({
  secretKey: "sk_test_held_by_the_edge_function",
  apiUrl: location.origin,
  // Longer than the edge function takes with all its retries.
  timeout: 40_000,
  // Creates are never retried; the edge function retries revokes.
  maxRetries: 0,
  fetch: send,
});

/** Those of successes, by the request's ID. For a failure, the error has it. */
const traceIds = new Map<string, string>();

/**
 * Sends a request, and once more if the connection breaks, as browsers do by themselves on a
 * kept-alive one: the edge function does it once.
 */
async function send(url: string, init: FetchLikeInit): Promise<FetchLikeResponse> {
  const again = (error: unknown) => {
    if (init.signal.aborted || !navigator.onLine) throw error;
    return fetch(url, init as RequestInit);
  };
  const response = await fetch(url, init as RequestInit).catch(again);
  const traceId = response.ok && response.headers.get("clerk-trace-id");
  if (traceId) traceIds.set(init.headers[REQUEST_ID], traceId);
  if (!isFromAccess(response)) return response;
  return Response.json(
    { errors: [{ code: "access_required", message: "Log in." }] },
    { status: 401 },
  );
}

/**
 * Cloudflare Access redirects or answers in HTML, when its login has ended. The request did not
 * reach the edge function.
 */
export function isFromAccess({ type, status, headers }: Response) {
  const isJson = headers.get("content-type")?.startsWith("application/json");
  return type === "opaqueredirect" || (status === 401 && !isJson);
}

export function headersOf({ requestId, notes }: Order) {
  const given = Object.entries(notes).filter(([, value]) => value);
  return {
    [REQUEST_ID]: requestId,
    ...(given.length > 0 && { [NOTES]: String(new URLSearchParams(given)) }),
  };
}

/** Returns the trace ID of a success, once. */
export function takeTraceId(requestId: string) {
  const traceId = traceIds.get(requestId);
  traceIds.delete(requestId);
  return traceId;
}

/** Returns what was thrown as an error of the package. Anything else is a bug of this page. */
export function asError(thrown: unknown) {
  return thrown instanceof SignInTokensError
    ? thrown
    : new SignInTokensError({ code: "internal", outcome: "unknown", message: "The page failed." });
}

/**
 * Whether no answer of the edge function came: to ask again with the same request ID is safe then.
 */
export const isLost = ({ code, outcome, status }: SignInTokensError) =>
  outcome === "unknown" && status === undefined && (code === "network" || code === "timeout");

/** The error of a request that was not sent. */
export const offlineError = () =>
  new SignInTokensError({ code: "network", outcome: "none", message: "The browser is offline." });
