// Creates the tokens. A message may come twice, and a consumer may die at any time: D1 records what
// was started.
import type { D1Database, Message, MessageBatch } from "@cloudflare/workers-types";
import {
  type CreateSignInTokenParams,
  SignInTokens,
  type SignInTokensError,
} from "clerk-sign-in-tokens";

import type { Env, UserMessage } from "./index.ts";
import { markStale, staleMs } from "./runs.ts";

type Result = { state: string; tokenId?: string; url?: string | null; error?: string };

/** The wait after a 429, for the whole batch. */
type Wait = { delaySeconds?: number };

const CONCURRENCY = 10;

/** One for each isolate. */
let client: SignInTokens | undefined;

/** Handles a batch of the queue. */
export async function consume(batch: MessageBatch<UserMessage>, env: Env) {
  const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl } = env;
  // No retries here: a 429 delays the whole batch, and a create with a lost answer must not be
  // retried.
  client ??= new SignInTokens({ secretKey, apiUrl, maxRetries: 0 });
  const tokens = client;
  const wait: Wait = {};
  const messages = [...batch.messages];
  const worker = async () => {
    for (let message = messages.shift(); message; message = messages.shift())
      // A failure, such as one of D1, must not end the batch: other requests are in flight.
      await handle(message, wait, tokens, env).catch(() => retryOnceStale(message, env));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

/**
 * Records the messages that could not be handled. A row that is `sending` becomes unknown first.
 */
export async function consumeDead(batch: MessageBatch<Partial<UserMessage> | null>, env: Env) {
  for (const message of batch.messages) {
    const { runId, userId } = message.body ?? {};
    if (runId && userId && (await isSending(env, runId, userId))) {
      retryOnceStale(message, env);
      continue;
    }
    await env.DB.prepare("INSERT INTO problems VALUES (?, NULL, ?)")
      .bind(runId ?? null, "a message that could not be handled")
      .run();
    message.ack();
  }
}

async function handle(message: Message<unknown>, wait: Wait, tokens: SignInTokens, env: Env) {
  const { runId, userId } = Object(message.body);
  if (typeof runId !== "string" || typeof userId !== "string") {
    await env.DEAD.send(message.body ?? null);
    return message.ack();
  }
  if (wait.delaySeconds !== undefined) return message.retry(wait);
  const user = await claim(env.DB, runId, userId);
  if (!user)
    return (await isSending(env, runId, userId)) ? retryOnceStale(message, env) : message.ack();
  const result = await create(tokens, user, wait);
  await finish(env.DB, runId, userId, result);
  return result.state === "queued" ? message.retry(wait) : message.ack();
}

/**
 * Returns whether a request for a user may be in flight. A stale row is marked as unknown first.
 */
async function isSending(env: Env, runId: string, userId: string) {
  await markStale(env, runId, userId);
  const row = await env.DB.prepare("SELECT state FROM results WHERE run_id = ? AND user_id = ?")
    .bind(runId, userId)
    .first();
  return row?.state === "sending";
}

/**
 * Asks for the message again when its row is stale: by then a consumer has recorded the result, or
 * none ever will.
 */
function retryOnceStale(message: Message<unknown>, env: Env) {
  message.retry({ delaySeconds: Math.ceil(staleMs(env) / 1000) });
}

/** Creates a token. After a 429 the user is queued again. */
async function create(
  tokens: SignInTokens,
  user: CreateSignInTokenParams,
  wait: Wait,
): Promise<Result> {
  try {
    const { id, url } = await tokens.create(user);
    return { state: "created", tokenId: id, url };
  } catch (thrown) {
    const error = thrown as SignInTokensError;
    if (error.code === "rate_limited") {
      wait.delaySeconds = Math.ceil(error.retryAfter ?? 10);
      return { state: "queued" };
    }
    return {
      state: error.outcome === "none" ? "failed" : "unknown",
      error: error.errors?.[0]?.longMessage ?? error.message,
    };
  }
}

/**
 * Marks a user as being sent. Returns the user if the request may start: it did not start before,
 * and the run neither is paused nor has failed.
 */
async function claim(
  DB: D1Database,
  runId: string,
  userId: string,
): Promise<CreateSignInTokenParams | undefined> {
  const row = await DB.prepare(
    `UPDATE results SET state = 'sending', changed_at = ?3
    WHERE run_id = ?1 AND user_id = ?2 AND state = 'queued'
      AND (SELECT state FROM runs WHERE id = ?1) IN ('loading', 'running')
    RETURNING org_id, (SELECT expires_in_seconds FROM runs WHERE id = ?1) AS expires_in_seconds`,
  )
    .bind(runId, userId, Date.now())
    .first<{ org_id: string | null; expires_in_seconds: number }>();
  return row ? { userId, orgId: row.org_id, expiresInSeconds: row.expires_in_seconds } : undefined;
}

/** Records the result of a user, whatever other consumers recorded before. */
async function finish(DB: D1Database, runId: string, userId: string, result: Result) {
  const { state, tokenId = null, url = null, error = null } = result;
  await DB.prepare(
    `UPDATE results SET state = ?, token_id = ?, url = ?, error = ?, changed_at = ?
    WHERE run_id = ? AND user_id = ?`,
  )
    .bind(state, tokenId, url, error, Date.now(), runId, userId)
    .run();
}
