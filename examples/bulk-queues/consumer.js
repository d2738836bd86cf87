// Makes the tokens. A message may come twice, and a consumer may die at any point: D1 says what was begun.
import { SignInTokens } from "clerk-sign-in-tokens";

const CONCURRENCY = 10;

export async function consume(batch, env) {
  const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl } = env;
  // No retries here: a 429 is the whole batch's affair, and a lost answer nobody's to repeat.
  const tokens = new SignInTokens({ secretKey, apiUrl, maxRetries: 0 });
  const state = { delaySeconds: undefined };
  const messages = [...batch.messages];
  const lane = async () => {
    for (let message; (message = messages.shift());) await handle(message, state, tokens, env);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
}

/** Messages that nobody can do anything with. */
export async function bury(batch, { DB }) {
  for (const { body } of batch.messages) {
    await DB.prepare("INSERT INTO problems VALUES (?, NULL, ?)")
      .bind(body?.runId ?? null, "a message that could not be handled")
      .run();
  }
  batch.ackAll();
}

async function handle(message, state, tokens, { DB, DEAD }) {
  const { runId, userId } = Object(message.body);
  if (typeof runId !== "string" || typeof userId !== "string") {
    await DEAD.send(message.body ?? null);
    return message.ack();
  }
  if (state.delaySeconds !== undefined) return message.retry({ delaySeconds: state.delaySeconds });
  const user = await claim(DB, runId, userId);
  if (user) {
    const { token, error } = await tokens.create(user).then(
      (token) => ({ token }),
      (error) => ({ error }),
    );
    if (error?.code === "rate_limited") {
      state.delaySeconds = Math.ceil(error.retryAfter ?? 10);
      await finish(DB, runId, userId, { state: "queued" });
      return message.retry({ delaySeconds: state.delaySeconds });
    }
    await finish(
      DB,
      runId,
      userId,
      token
        ? { state: "created", tokenId: token.id, url: token.url }
        : {
            state: error.outcome === "unknown" ? "unknown" : "failed",
            error: error.errors?.[0]?.longMessage ?? error.message,
          },
    );
  }
  return message.ack();
}

/** The user, if nobody has begun with them and the run is not paused. */
async function claim(DB, runId, userId) {
  const claimed = await DB.prepare(
    `
    UPDATE results SET state = 'sending', changed_at = ?3
    WHERE run_id = ?1 AND user_id = ?2 AND state = 'queued' AND (SELECT state FROM runs WHERE id = ?1) <> 'paused'
    RETURNING org_id, (SELECT expires_in_seconds FROM runs WHERE id = ?1) AS expires_in_seconds
  `,
  )
    .bind(runId, userId, Date.now())
    .first();
  if (claimed)
    return { userId, orgId: claimed.org_id, expiresInSeconds: claimed.expires_in_seconds };
  // Delivered again after a consumer began with it and did not end: what came of that, nobody knows.
  await DB.prepare(
    `
    UPDATE results SET state = 'unknown', error = 'the consumer was lost' WHERE run_id = ? AND user_id = ? AND state = 'sending' AND changed_at < ?
  `,
  )
    .bind(runId, userId, Date.now() - 60_000)
    .run();
  return undefined;
}

/** Whatever others have made of the row meanwhile, what this consumer knows is the truth. */
async function finish(DB, runId, userId, { state, tokenId = null, url = null, error = null }) {
  await DB.prepare(
    "UPDATE results SET state = ?, token_id = ?, url = ?, error = ?, changed_at = ? WHERE run_id = ? AND user_id = ?",
  )
    .bind(state, tokenId, url, error, Date.now(), runId, userId)
    .run();
}
