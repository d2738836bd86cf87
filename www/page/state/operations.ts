// Creates and revokes one link. Without a database, records it in the tab's history.
import type { SignInTokensError } from "clerk-sign-in-tokens";

import type { Entry } from "../../contract.ts";
import type { CreateParams, Link, LinkEnd, Token } from "../types.ts";
import { asError, headersOf, type Order, takeTraceId, tokens } from "./api.ts";
import { endLink, hold } from "./links.ts";
import { session } from "./session.ts";
import { beginEntry, endEntry } from "./tab-history.ts";

type Ended = Partial<Entry>;

/** Creates a token. This tab then holds its link. */
export function createLink(
  { userId, orgId, expiresInSeconds }: CreateParams,
  order: Order,
  known: Pick<Link, "source" | "user">,
) {
  const params = { userId, orgId, expiresInSeconds };
  return recorded("create", order, params, async () => {
    const token = await tokens.create(params, { headers: headersOf(order) });
    const traceId = takeTraceId(order.requestId);
    const { tokenId, expiresAt } = hold(token, { ...known, ...params, traceId });
    return [token, { state: "active", tokenId, expiresAt, traceId }];
  });
}

/** Revokes a token. Throws `not_pending` if it was used or revoked before. */
export async function revokeToken({ tokenId, userId }: Token, order: Order) {
  return recorded("revoke", order, { tokenId, userId }, async () => {
    try {
      const token = await tokens.revoke(tokenId, { headers: headersOf(order) });
      endLink(tokenId, "revoked");
      return [token, { state: "revoked", traceId: takeTraceId(order.requestId) }];
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

/** Every request is recorded before it is sent. */
async function recorded<T>(
  operation: Entry["operation"],
  { requestId, notes }: Order,
  known: Partial<Entry> | CreateParams,
  work: () => Promise<[T, Ended]>,
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

function failureOf({ code: errorCode, clerkTraceId: traceId, outcome }: SignInTokensError): Ended {
  if (errorCode === "not_pending") return { state: errorCode, errorCode, traceId };
  return { state: outcome === "unknown" ? "unknown" : "failed", errorCode, traceId };
}
