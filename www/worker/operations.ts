// Does the two operations with the package, and records them before and after.
import {
  type CreateSignInTokenParams,
  type SignInToken,
  SignInTokensError,
} from "clerk-sign-in-tokens";

import { type Answer, errorAnswer, own, tokenAnswer, traceIdOf } from "./answers.ts";
import { clientOf, traced } from "./client.ts";
import { DEFAULT_LIFETIME_SECONDS } from "./config.ts";
import type { Ledger } from "./history.ts";
import type { Begun, Ended, Env, Order } from "./types.ts";

/** Lets work go on after the answer. */
type Later = (work: Promise<unknown>) => void;

export interface Done {
  answer: Answer;
  /** Whether this call did the operation, in place of an earlier one or none. */
  isSent: boolean;
}

type Result = { traceId?: string } & (
  { token: SignInToken; error?: undefined } | { token?: undefined; error: SignInTokensError }
);

/**
 * Without retries: a repeated create could make a second token, and the page shows how long a rate
 * limit lasts.
 */
export function create(
  env: Env,
  ledger: Ledger,
  { requestId, input, entry }: Order<CreateSignInTokenParams>,
  later: Later,
) {
  const call = () => clientOf(env).create(input, { maxRetries: 0 });
  return recorded(env, ledger, requestId, entry, call, later);
}

/**
 * With the package's retries: revoking is idempotent, so a request ID in the history must not
 * prevent it.
 */
export function revoke(
  env: Env,
  ledger: Ledger | undefined,
  { input, entry }: Order<string>,
  later: Later,
) {
  const call = () => clientOf(env).revoke(input);
  return recorded(env, ledger, crypto.randomUUID(), entry, call, later);
}

/**
 * Every request to Clerk is recorded before it is sent. Its answer does not wait for the record to
 * be completed.
 */
async function recorded(
  env: Env,
  ledger: Ledger | undefined,
  id: string,
  entry: Begun,
  call: () => Promise<SignInToken>,
  later: Later,
): Promise<Done> {
  let earlier;
  try {
    earlier = await ledger?.begin(id, entry);
  } catch {
    return { answer: own("history_unavailable"), isSent: false };
  }
  if (earlier) return { answer: already(earlier), isSent: false };
  const result = await resultOf(env, call);
  const { token, error, traceId } = result;
  if (ledger) later(complete(ledger, id, { ...summary(result, entry), traceId }));
  const answer = error ? errorAnswer(env, error, traceId) : tokenAnswer(env, token, traceId);
  return { answer, isSent: true };
}

/** Returns what became of an earlier request. */
function already({ outcome, tokenId }: Ended) {
  if (tokenId) return own("already_created", { meta: { token_id: tokenId } });
  return own(outcome === "failed" ? "already_failed" : "already_unknown");
}

async function resultOf(env: Env, call: () => Promise<SignInToken>): Promise<Result> {
  const { result, traceId } = await traced(async () => {
    try {
      return { token: await call() };
    } catch (thrown) {
      return { error: asError(thrown) };
    }
  });
  return { ...result, traceId: traceIdOf(env, result.error?.clerkTraceId ?? traceId) };
}

/**
 * Returns what was thrown as an error of the package. The message of anything else may quote a
 * secret.
 */
const asError = (thrown: unknown) =>
  thrown instanceof SignInTokensError
    ? thrown
    : new SignInTokensError({
        code: "internal",
        outcome: "unknown",
        message: "The edge function failed.",
      });

/**
 * Tries twice. If both fail, the entry stays "sending", and later reads "unknown": the log has the
 * token's ID.
 */
async function complete(ledger: Ledger, id: string, ended: Ended) {
  try {
    await ledger.end(id, ended).catch(() => ledger.end(id, ended));
  } catch {
    const { outcome, tokenId = "no token" } = ended;
    console.error(`history entry ${id} could not be completed: ${outcome}, ${tokenId}`);
  }
}

/** Returns what the history records about a result. */
function summary({ token, error }: Result, { operation, expiresInSeconds }: Begun): Ended {
  if (token && operation === "revoke") return { outcome: "revoked", tokenId: token.id };
  if (!error)
    return {
      outcome: "created",
      tokenId: token.id,
      expiresAt: token.createdAt + (expiresInSeconds ?? DEFAULT_LIFETIME_SECONDS) * 1000,
    };
  const { code: errorCode, outcome } = error;
  if (errorCode === "not_pending") return { outcome: errorCode, errorCode };
  return { outcome: outcome === "none" ? "failed" : "unknown", errorCode };
}
