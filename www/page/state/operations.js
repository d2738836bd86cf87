// Creates and revokes one link, with what the history has to know of it.
import { client, post, reasonHeader, traceIdOf } from "./api.js";
import { endLink, hold } from "./links.js";
import { loggedIn, session } from "./session.js";
import { beginEntry, endEntry } from "./tab-history.js";

/** Creates a token; gives the link, which this tab holds from now on. */
export async function createLink(params, reason) {
  const { userId, orgId, expiresInSeconds } = params;
  const entry = { operation: "create", userId, orgId, expiresInSeconds, reason };
  return carryOut(entry, reason, async (tokens, answer) => {
    const token = await tokens.create(params);
    const traceId = answer.traceId;
    return hold(token, { orgId, expiresInSeconds, traceId, source: "form" });
  });
}

/** Revokes a token; gives "revoked", or "not_pending" where it was used or revoked before. */
export async function revokeLink({ tokenId, userId }, reason) {
  const entry = { operation: "revoke", tokenId, userId, reason };
  const end = await carryOut(entry, reason, async (tokens) => {
    try {
      await tokens.revoke(tokenId);
      return { status: "revoked" };
    } catch (error) {
      if (!isNotPending(error)) throw error;
      return { status: "not_pending", traceId: error.clerkTraceId };
    }
  });
  endLink(tokenId, end.status);
  return end.status;
}

/** Whether a revoke failed because the token was used or revoked before. */
export const isNotPending = (error) => error.code === "rejected" && error.status === 400;

/** What the history says of a link, or of the end of one. */
export const summaryOf = ({ status, tokenId, traceId, expiresAt }) =>
  status === "active"
    ? { outcome: "created", tokenId, traceId, expiresAt }
    : { outcome: status, traceId };

/** What the history says of an error. */
export const failureOf = ({ outcome = "unknown", code, clerkTraceId }) => ({
  outcome: outcome === "none" ? "failed" : "unknown",
  errorCode: code,
  traceId: clerkTraceId,
});

function carryOut(entry, reason, work) {
  return loggedIn(async () => {
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
      endEntry(id, failureOf(error));
      throw error;
    }
  });
}
