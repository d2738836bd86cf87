// Creates and revokes one link, and records it in the tab's history.
import { isNotPending } from "../../not-pending.js";
import { asError, client, post, reasonHeader, traceIdOf } from "./api.js";
import { endLink, hold } from "./links.js";
import { loggedIn, session } from "./session.js";
import { beginEntry, endEntry } from "./tab-history.js";

/** @import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens" */
/** @import { CreateParams, Entry, Link, LinkEnd } from "../types" */
/** @typedef {Omit<Entry, "id" | "outcome" | "begunAt" | "actor">} NewEntry */
/** @typedef {{ traceId?: string }} Answer */
/** @typedef {{ status: LinkEnd, traceId?: string }} Done */

/**
 * Creates a token. Returns its link, which this tab then holds.
 *
 * @param {CreateParams} params
 * @param {string} [reason]
 */
export async function createLink(params, reason) {
  const { userId, orgId, expiresInSeconds } = params;
  /** @type {NewEntry} */
  const entry = { operation: "create", userId, orgId, expiresInSeconds, reason };
  return carryOut(entry, reason, async (tokens, answer) => {
    const token = await tokens.create(params);
    const traceId = answer.traceId;
    return hold(token, { orgId, expiresInSeconds, traceId, source: "form" });
  });
}

/**
 * Revokes a token. Returns "revoked", or "not_pending" if it was already used or revoked.
 *
 * @param {{ tokenId: string, userId?: string | null }} token
 * @param {string} [reason]
 * @returns {Promise<LinkEnd>}
 */
export async function revokeLink({ tokenId, userId }, reason) {
  /** @type {NewEntry} */
  const entry = { operation: "revoke", tokenId, userId, reason };
  const end = await carryOut(entry, reason, async (tokens) => {
    try {
      await tokens.revoke(tokenId);
      return /** @type {Done} */ ({ status: "revoked" });
    } catch (error) {
      if (!isNotPending(error)) throw error;
      return /** @type {Done} */ ({ status: "not_pending", traceId: asError(error).clerkTraceId });
    }
  });
  endLink(tokenId, end.status);
  return end.status;
}

/**
 * Returns what the history records about a link.
 *
 * @param {Partial<Link>} link
 * @returns {Partial<Entry>}
 */
export const summaryOf = ({ status, tokenId, traceId, expiresAt }) =>
  status === "active"
    ? { outcome: "created", tokenId, traceId, expiresAt }
    : { outcome: status, traceId };

/**
 * Returns what the history records about an error.
 *
 * @param {SignInTokensError} error
 * @returns {Partial<Entry>}
 */
export const failureOf = ({ outcome, code, clerkTraceId }) => ({
  outcome: outcome === "none" ? "failed" : "unknown",
  errorCode: code,
  traceId: clerkTraceId,
});

/**
 * @template {Partial<Link>} T
 * @param {NewEntry} entry
 * @param {string | undefined} reason
 * @param {(tokens: SignInTokens, answer: Answer) => Promise<T>} work
 * @returns {Promise<T>}
 */
function carryOut(entry, reason, work) {
  return loggedIn(async () => {
    /** @type {Answer} */
    const answer = {};
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
