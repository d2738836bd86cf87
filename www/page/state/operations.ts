// Creates and revokes one link, with the package. The edge function at this page's origin has the
// secret key. Without a database, the requests are recorded in the tab's history.
import {
  type FetchLikeInit,
  type FetchLikeResponse,
  SignInTokens,
  type SignInTokensError,
} from "clerk-sign-in-tokens";

import { type Entry, NOTES, type Notes, REQUEST_ID } from "../../contract.ts";
import { asError } from "../errors.ts";
import type { CreateParams, Link, LinkEnd, Token } from "../types.ts";
import { endLink, keepLink } from "./links.ts";
import { isFromAccess, session } from "./session.ts";
import { beginEntry, endEntry } from "./tab-history.ts";

/** What goes with a request in its headers. */
export interface Order {
  requestId: string;
  notes: Notes;
}

const tokens = new SignInTokens({
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
  const errors = [{ code: "access_required", message: "Log in." }];
  return Response.json({ errors }, { status: 401 });
}

/** Creates a token. This tab then has its link. */
export function createLink(
  { userId, orgId, expiresInSeconds }: CreateParams,
  order: Order,
  known: Pick<Link, "source" | "user">,
) {
  const params = { userId, orgId, expiresInSeconds };
  return recorded("create", order, params, async () => {
    const token = await tokens.create(params, { headers: headersOf(order) });
    const traceId = takeTraceId(order);
    const { tokenId, expiresAt } = keepLink(token, { ...known, ...params, traceId });
    return [token, { state: "active", tokenId, expiresAt, traceId }];
  });
}

/** Revokes a token. Throws `not_pending` if it was used or revoked before. */
export async function revokeToken({ tokenId, userId }: Token, order: Order) {
  return recorded("revoke", order, { tokenId, userId }, async () => {
    try {
      const token = await tokens.revoke(tokenId, { headers: headersOf(order) });
      endLink(tokenId, "revoked");
      return [token, { state: "revoked", traceId: takeTraceId(order) }];
    } catch (error) {
      if (asError(error).code === "not_pending") endLink(tokenId, "not_pending");
      throw error;
    }
  });
}

/** Returns how a revoke ended its link; `undefined` if it failed. */
export function endOf(error?: SignInTokensError): LinkEnd | undefined {
  if (!error) return "revoked";
  return error.code === "not_pending" ? "not_pending" : undefined;
}

function headersOf({ requestId, notes }: Order) {
  const given = Object.entries(notes).filter(([, value]) => value);
  return { [REQUEST_ID]: requestId, [NOTES]: String(new URLSearchParams(given)) };
}

/** Returns the trace ID of a success, once. */
function takeTraceId({ requestId }: Order) {
  const traceId = traceIds.get(requestId);
  traceIds.delete(requestId);
  return traceId;
}

/** Every request is recorded before it is sent. */
async function recorded<T>(
  operation: Entry["operation"],
  { requestId, notes }: Order,
  known: Partial<Entry> | CreateParams,
  work: () => Promise<[T, Partial<Entry>]>,
) {
  const isKept = session.value.history === "tab";
  if (isKept)
    beginEntry({ ...notes, ...known, id: requestId, operation, actor: session.value.user });
  try {
    const [result, ended] = await work();
    if (isKept) endEntry(requestId, ended);
    return result;
  } catch (error) {
    if (isKept) endEntry(requestId, failureOf(asError(error)));
    throw error;
  }
}

function failureOf({ code, clerkTraceId, outcome }: SignInTokensError): Partial<Entry> {
  const known = { errorCode: code, traceId: clerkTraceId };
  if (code === "not_pending") return { ...known, state: code };
  return { ...known, state: outcome === "unknown" ? "unknown" : "failed" };
}
