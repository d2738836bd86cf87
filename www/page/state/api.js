// The package, pointed at this page's own origin: the edge function there has the secret key.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

/** Longer than the edge function takes with all its retries, so that its answer is what decides. */
const TIMEOUT_MS = 40_000;

/**
 * A client; `send` stands in for `post` where somebody wants to see what goes out and comes in.
 *
 * @param {typeof post} send
 * @param {{ headers?: Record<string, string> }} options
 */
export function client(send = post, options = {}) {
  return new SignInTokens({
    secretKey: "sk_test_held_by_the_edge_function",
    apiUrl: location.origin,
    timeout: TIMEOUT_MS,
    // Creates are not repeated, and revokes by the edge function.
    maxRetries: 0,
    fetch: send,
    ...options,
  });
}

/**
 * @param {string | URL | Request} url
 * @param {RequestInit} [init]
 */
export async function post(url, init) {
  const response = await fetch(url, init);
  // Nothing here redirects but Cloudflare Access, whose login has ended: the edge function was not asked.
  if (response.type === "opaqueredirect") return loginRequired();
  return response;
}

/**
 * Why somebody does it, as a header: the API's own bodies have no place for it.
 *
 * @param {string} [reason]
 * @returns {Record<string, string>}
 */
export function reasonHeader(reason) {
  return reason ? { "sign-in-reason": encodeURIComponent(reason) } : {};
}

/**
 * The trace ID of an answer that succeeded; of one that failed, the package tells.
 *
 * @param {Response} response
 */
export const traceIdOf = (response) => response.headers.get("clerk-trace-id") ?? undefined;

/**
 * What was thrown, as an error of the package; anything else is a bug of this page.
 *
 * @param {unknown} thrown
 */
export function asError(thrown) {
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
