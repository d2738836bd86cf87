// Creates the tokens. A message may come twice, and a consumer may die at any time: D1 records what was started.
import { SignInTokens } from "clerk-sign-in-tokens";

import { isSending, staleMs } from "./stale.js";

/**
 * @typedef {import("./index.js").Env} Env
 * @typedef {import("./index.js").UserMessage} UserMessage
 * @typedef {import("clerk-sign-in-tokens").CreateSignInTokenParams} Params
 */

/** @typedef {{ state: string, tokenId?: string, url?: string, error?: string }} Result */

const CONCURRENCY = 10;

/** One for each isolate. @type {SignInTokens | undefined} */
let client;

/**
 * Handles a batch of the queue.
 *
 * @param {MessageBatch<UserMessage>} batch
 * @param {Env} env
 */
export async function consume(batch, env) {
  const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl } = env;
  // No retries here: a 429 delays the whole batch, and a create with a lost answer must not be retried.
  client ??= new SignInTokens({ secretKey, apiUrl, maxRetries: 0 });
  const tokens = client;
  /** @type {BatchState} */
  const state = { delaySeconds: undefined };
  const messages = [...batch.messages];
  const lane = async () => {
    for (let message = messages.shift(); message; message = messages.shift())
      // A failure, such as one of D1, must not end the batch: other requests are in flight.
      await handle(message, state, tokens, env).catch(() => retryOnceStale(message, env));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
}

/**
 * Records the messages that could not be handled. A row that is still `sending` becomes unknown first.
 *
 * @param {MessageBatch<Partial<UserMessage> | null>} batch
 * @param {Env} env
 */
export async function bury(batch, env) {
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

/** @typedef {{ delaySeconds: number | undefined }} BatchState the wait after a 429 */

/**
 * @param {Message<UserMessage>} message
 * @param {BatchState} state
 * @param {SignInTokens} tokens
 * @param {Env} env
 */
async function handle(message, state, tokens, env) {
  const { DB, DEAD } = env;
  const { runId, userId } = Object(message.body);
  if (typeof runId !== "string" || typeof userId !== "string") {
    await DEAD.send(message.body ?? null);
    return message.ack();
  }
  if (state.delaySeconds !== undefined) return message.retry({ delaySeconds: state.delaySeconds });
  const user = await claim(DB, runId, userId);
  if (!user)
    return (await isSending(env, runId, userId)) ? retryOnceStale(message, env) : message.ack();
  const result = await create(tokens, user, state);
  await finish(DB, runId, userId, result);
  if (result.state === "queued") return message.retry({ delaySeconds: state.delaySeconds });
  return message.ack();
}

/**
 * Asks for the message again when its row is stale: by then a consumer has recorded the result, or none ever will.
 *
 * @param {Message<unknown>} message
 * @param {Env} env
 */
function retryOnceStale(message, env) {
  message.retry({ delaySeconds: Math.ceil(staleMs(env) / 1000) });
}

/**
 * Creates a token. After a 429 the user is queued again.
 *
 * @param {SignInTokens} tokens
 * @param {Params} user
 * @param {BatchState} state
 * @returns {Promise<Result>}
 */
async function create(tokens, user, state) {
  try {
    const { id, url } = await tokens.create(user);
    return { state: "created", tokenId: id, url };
  } catch (thrown) {
    const error = /** @type {import("clerk-sign-in-tokens").SignInTokensError} */ (thrown);
    if (error.code === "rate_limited") {
      state.delaySeconds = Math.ceil(error.retryAfter ?? 10);
      return { state: "queued" };
    }
    return {
      state: error.outcome === "none" ? "failed" : "unknown",
      error: error.errors?.[0]?.longMessage ?? error.message,
    };
  }
}

/**
 * Marks a user as being sent. Returns the user if the request may start: it did not start before, and the run is not paused.
 *
 * @param {D1Database} DB
 * @param {string} runId
 * @param {string} userId
 * @returns {Promise<Params | undefined>}
 */
async function claim(DB, runId, userId) {
  /** @type {{ org_id: string | null, expires_in_seconds: number } | null} */
  const claimed = await DB.prepare(
    `
    UPDATE results SET state = 'sending', changed_at = ?3
    WHERE run_id = ?1 AND user_id = ?2 AND state = 'queued' AND (SELECT state FROM runs WHERE id = ?1) <> 'paused'
    RETURNING org_id, (SELECT expires_in_seconds FROM runs WHERE id = ?1) AS expires_in_seconds
  `,
  )
    .bind(runId, userId, Date.now())
    .first();
  return claimed
    ? { userId, orgId: claimed.org_id, expiresInSeconds: claimed.expires_in_seconds }
    : undefined;
}

/**
 * Records the result of a user, whatever other consumers recorded before.
 *
 * @param {D1Database} DB
 * @param {string} runId
 * @param {string} userId
 * @param {Result} result
 */
async function finish(DB, runId, userId, { state, tokenId, url, error }) {
  await DB.prepare(
    "UPDATE results SET state = ?, token_id = ?, url = ?, error = ?, changed_at = ? WHERE run_id = ? AND user_id = ?",
  )
    .bind(state, tokenId ?? null, url ?? null, error ?? null, Date.now(), runId, userId)
    .run();
}
