// The API's own two paths: checks what the page asks for, and has it done.
import { REQUEST_ID } from "../contract.ts";
import { refuse, respond } from "./answers.ts";
import { DEFAULT_LIFETIME_SECONDS, maxLifetimeSeconds } from "./config.ts";
import { databaseLedger } from "./history.ts";
import { notesIn, UUID } from "./notes.ts";
import { revoke } from "./operations.ts";
import type { Begun, Context } from "./types.ts";

/** The admin's Durable Object does it, so that a request that a browser sends twice is done once. */
export async function createLink(c: Context) {
  const requestId = c.req.header(REQUEST_ID) ?? "";
  if (!UUID.test(requestId)) return refuse("request_id_required");
  const body = (await c.req.json().catch(() => undefined)) ?? {};
  const { user_id: userId, org_id: orgId } = body;
  const expiresInSeconds = body.expires_in_seconds ?? DEFAULT_LIFETIME_SECONDS;
  const longest = maxLifetimeSeconds(c.env);
  if (expiresInSeconds > longest)
    return refuse("lifetime_too_long", {
      message: `The lifetime must be ${longest} seconds or less.`,
    });
  const notes = notesIn(c);
  if ("problem" in notes) return refuse("invalid_notes", { message: notes.problem });
  const entry: Begun = {
    ...notes,
    operation: "create",
    actor: c.var.admin.user,
    userId: idOrNothing(userId),
    orgId: idOrNothing(orgId),
    expiresInSeconds: Number.isSafeInteger(expiresInSeconds) ? expiresInSeconds : undefined,
  };
  const params = { userId, orgId, expiresInSeconds };
  const answer = c.var.session.create({ requestId, params, entry });
  return respond(await afterDisconnect(c, answer));
}

export async function revokeLink(c: Context) {
  const tokenId = c.req.param("id") ?? "";
  const notes = notesIn(c);
  if ("problem" in notes) return refuse("invalid_notes", { message: notes.problem });
  const entry: Begun = {
    ...notes,
    operation: "revoke",
    actor: c.var.admin.user,
    tokenId: idOrNothing(tokenId),
  };
  const ledger = c.env.DB && databaseLedger(c.env.DB);
  const later = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const { answer } = await afterDisconnect(c, revoke(c.env, ledger, tokenId, entry, later));
  return respond(answer);
}

/** Continues when the browser disconnects: every request to Clerk must be in the history. */
function afterDisconnect<T>(c: Context, work: Promise<T>) {
  c.executionCtx.waitUntil(work);
  return work;
}

/** Returns the text only if it is an ID: the history must not keep anything else in its place, such as a link. */
const idOrNothing = (value: unknown) =>
  typeof value === "string" && /^\w{1,80}$/.test(value) ? value : undefined;
