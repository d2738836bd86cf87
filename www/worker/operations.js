// Does the two operations with the package, and records them before and after.
import { SignInTokensError } from "clerk-sign-in-tokens";

import { isNotPending } from "../not-pending.js";
import { answer, traceIdOf } from "./answer.js";
import { clientOf } from "./client.js";
import { DEFAULT_LIFETIME_SECONDS, maxLifetimeSeconds } from "./config.js";
import { errorResponse } from "./error-response.js";
import { beginEntry, endEntry } from "./history.js";
import { reasonIn } from "./reason.js";

/** @import { SignInToken, SignInTokens } from "clerk-sign-in-tokens" */
/** @import { Begun, Context, Ended, Env, Result } from "./types" */
/** @typedef {(tokens: SignInTokens) => Promise<SignInToken>} Call */
/** @typedef {Omit<Begun, "actor" | "reason">} Asked */

/**
 * Without retries: a repeated create could make a second token, and the page shows how long a rate limit lasts.
 *
 * @param {Context} c
 */
export async function create(c) {
  const body = (await c.req.json().catch(() => undefined)) ?? {};
  const { user_id: userId, org_id: orgId } = body;
  const expiresInSeconds = body.expires_in_seconds ?? DEFAULT_LIFETIME_SECONDS;
  const longest = maxLifetimeSeconds(c.env);
  if (expiresInSeconds > longest)
    return errorResponse(
      422,
      "lifetime_too_long",
      `The lifetime must be ${longest} seconds or less.`,
    );
  /** @type {Asked} */
  const entry = {
    operation: "create",
    userId: idOrNothing(userId),
    orgId: idOrNothing(orgId),
    expiresInSeconds: Number.isSafeInteger(expiresInSeconds) ? expiresInSeconds : undefined,
  };
  return carryOut(c, entry, (tokens) =>
    tokens.create({ userId, orgId, expiresInSeconds }, { maxRetries: 0 }),
  );
}

/**
 * With the package's retries: revoking is idempotent.
 *
 * @param {Context} c
 */
export async function revoke(c) {
  const id = c.req.param("id") ?? "";
  /** @type {Asked} */
  const entry = { operation: "revoke", tokenId: idOrNothing(id) };
  return carryOut(c, entry, (tokens) => tokens.revoke(id));
}

/**
 * Continues when the browser disconnects: every request to Clerk must be in the history.
 *
 * @param {Context} c
 * @param {Asked} entry
 * @param {Call} call
 */
function carryOut(c, entry, call) {
  const work = audited(c, entry, call);
  c.executionCtx.waitUntil(work);
  return work;
}

/**
 * @param {Context} c
 * @param {Asked} entry
 * @param {Call} call
 */
async function audited(c, entry, call) {
  const { reason, problem } = reasonIn(c);
  if (problem) return errorResponse(422, "invalid_reason", problem);
  let id;
  try {
    id = await beginEntry(c.env, { ...entry, reason, actor: c.var.admin.user });
  } catch {
    return errorResponse(
      424,
      "history_unavailable",
      "The history could not be written, so nothing was sent to Clerk.",
    );
  }
  const result = await operate(c.env, call);
  await endEntry(c.env, id, { ...summary(result, entry), traceId: result.traceId });
  return answer(c.env, result);
}

/**
 * Returns `{ token, traceId }` or `{ error, traceId }`.
 *
 * @param {Env} env
 * @param {Call} call
 * @returns {Promise<Result>}
 */
async function operate(env, call) {
  let traceId;
  let isSent = false;
  /** @type {typeof fetch} */
  const send = async (url, init) => {
    isSent = true;
    const response = await fetch(url, init);
    traceId = response.headers.get("cf-ray");
    return response;
  };
  try {
    const token = await call(clientOf(env, send));
    return { token, traceId: traceIdOf(env, traceId) };
  } catch (thrown) {
    const error = asError(thrown, isSent);
    return { error, traceId: traceIdOf(env, error.clerkTraceId ?? traceId) };
  }
}

/**
 * Returns what was thrown as an error of the package. The message of anything else may quote a secret.
 *
 * @param {unknown} thrown
 * @param {boolean} isSent whether a request to Clerk was begun
 */
function asError(thrown, isSent) {
  return thrown instanceof SignInTokensError
    ? thrown
    : new SignInTokensError({
        code: "internal",
        outcome: isSent ? "unknown" : "none",
        message: "The edge function failed.",
      });
}

/**
 * Returns what the history records about a result.
 *
 * @param {Result} result
 * @param {Asked} entry
 * @returns {Ended}
 */
function summary({ token, error }, { operation, expiresInSeconds = DEFAULT_LIFETIME_SECONDS }) {
  if (token && operation === "revoke") return { outcome: "revoked" };
  if (token)
    return {
      outcome: "created",
      tokenId: token.id,
      expiresAt: token.createdAt + expiresInSeconds * 1000,
    };
  const { code, outcome } = error;
  if (operation === "revoke" && isNotPending(error))
    return { outcome: "not_pending", errorCode: code };
  return { outcome: outcome === "none" ? "failed" : "unknown", errorCode: code };
}

/**
 * Returns the text only if it is an ID: the history must not keep anything else in its place, such as a link.
 *
 * @param {unknown} value
 */
function idOrNothing(value) {
  return typeof value === "string" && /^\w{1,80}$/.test(value) ? value : undefined;
}
