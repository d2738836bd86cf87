// Creates and revokes one link, and records it in the tab's history.
import { asError, client, post, reasonHeader, traceIdOf } from "./api.ts";
import { endLink, hold } from "./links.ts";
import { loggedIn, session } from "./session.ts";
import { beginEntry, endEntry } from "./tab-history.ts";
import type { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";
import type { CreateParams, Entry, Link, LinkEnd } from "../types.ts";

export type NewEntry = Omit<Entry, "id" | "outcome" | "begunAt" | "actor">;
export type Answer = { traceId?: string };
export type Done = { status: LinkEnd; traceId?: string };

/** Creates a token. Returns its link, which this tab then holds. */
export async function createLink(params: CreateParams, reason?: string) {
  const { userId, orgId, expiresInSeconds } = params;
  const entry: NewEntry = { operation: "create", userId, orgId, expiresInSeconds, reason };
  return carryOut(entry, reason, async (tokens, answer) => {
    const token = await tokens.create(params);
    const traceId = answer.traceId;
    return hold(token, { orgId, expiresInSeconds, traceId, source: "form" });
  });
}

/** Revokes a token. Returns "revoked", or "not_pending" if it was already used or revoked. */
export async function revokeLink(
  { tokenId, userId }: { tokenId: string; userId?: string | null },
  reason?: string,
): Promise<LinkEnd> {
  const entry: NewEntry = { operation: "revoke", tokenId, userId, reason };
  const end = await carryOut(entry, reason, async (tokens) => {
    try {
      await tokens.revoke(tokenId);
      return { status: "revoked" } as Done;
    } catch (error) {
      if (asError(error).code !== "not_pending") throw error;
      return { status: "not_pending", traceId: asError(error).clerkTraceId } as Done;
    }
  });
  endLink(tokenId, end.status);
  return end.status;
}

/** Returns what the history records about a link. */
export const summaryOf = ({
  status,
  tokenId,
  traceId,
  expiresAt,
}: Partial<Link>): Partial<Entry> =>
  status === "active"
    ? { outcome: "created", tokenId, traceId, expiresAt }
    : { outcome: status, traceId };

/** Returns what the history records about an error. */
export const failureOf = ({ outcome, code, clerkTraceId }: SignInTokensError): Partial<Entry> => ({
  outcome: outcome === "none" ? "failed" : "unknown",
  errorCode: code,
  traceId: clerkTraceId,
});

function carryOut<T extends Partial<Link>>(
  entry: NewEntry,
  reason: string | undefined,
  work: (tokens: SignInTokens, answer: Answer) => Promise<T>,
): Promise<T> {
  return loggedIn(async () => {
    const answer: Answer = {};
    const tokens = client(
      async (url, init) => {
        const response = await post(url, init);
        answer.traceId = traceIdOf(response);
        return response;
      },
      { headers: reasonHeader(reason) },
    );
    if (session.value.history === "database") return work(tokens, answer);
    const id = beginEntry({ ...entry, actor: session.value.user });
    try {
      const done = await work(tokens, answer);
      endEntry(id, summaryOf({ traceId: answer.traceId, ...done }));
      return done;
    } catch (error) {
      endEntry(id, failureOf(asError(error)));
      throw error;
    }
  });
}
