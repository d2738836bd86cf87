// Points the package at this page's origin, where the edge function has the secret key.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

import { NOTES, REQUEST_ID } from "../../contract.ts";

/** Longer than the edge function takes with all its retries. */
const TIMEOUT_MS = 40_000;

/** Returns a client. `send` replaces `post` to observe requests and answers. */
export function client(
  send: typeof post = post,
  options: { headers?: Record<string, string> } = {},
) {
  return new SignInTokens({
    secretKey: "sk_test_held_by_the_edge_function",
    apiUrl: location.origin,
    timeout: TIMEOUT_MS,
    // Creates are never retried; the edge function retries revokes.
    maxRetries: 0,
    fetch: send,
    ...options,
  });
}

/**
 * Sends a request with an ID of its own, and once more if the connection breaks, as browsers do by
 * themselves on a kept-alive one: the edge function does it once.
 */
export async function post(url: string | URL | Request, init?: RequestInit) {
  const headers = { ...init?.headers, [REQUEST_ID]: crypto.randomUUID() };
  const send = () => fetch(url, { ...init, headers });
  const response = await send().catch((error) => {
    if (init?.signal?.aborted) throw error;
    return send();
  });
  // Cloudflare Access redirects or answers in HTML, when its login has ended. The request did not
  // reach the edge function.
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  if (response.type === "opaqueredirect" || (response.status === 401 && !isJson))
    return loginRequired();
  return response;
}

/** Returns the reason as a header: the API's bodies have no field for it. */
export function reasonHeader(reason?: string): Record<string, string> {
  return reason ? { [NOTES]: String(new URLSearchParams({ reason })) } : {};
}

/** Returns the trace ID of a success. For a failure, the error has it. */
export const traceIdOf = (response: Response) =>
  response.headers.get("clerk-trace-id") ?? undefined;

/** Returns what was thrown as an error of the package. Anything else is a bug of this page. */
export function asError(thrown: unknown) {
  return thrown instanceof SignInTokensError
    ? thrown
    : new SignInTokensError({ code: "internal", outcome: "unknown", message: "The page failed." });
}

function loginRequired() {
  return Response.json(
    { errors: [{ code: "access_required", message: "Log in first." }] },
    { status: 401 },
  );
}
