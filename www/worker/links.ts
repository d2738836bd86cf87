// The API's own two paths: checks what the page asks for. The admin's Durable Object does it.
import { NOTES, type Notes, REQUEST_ID } from "../contract.ts";
import { refuse, respond } from "./answers.ts";
import { DEFAULT_LIFETIME_SECONDS, maxLifetimeSeconds } from "./config.ts";
import type { Begun, Context, Order } from "./types.ts";

const LONGEST = 200;

/** Sign-in links, tickets and keys: the history must not keep them. */
const SECRET = /ticket=|eyJ[\w-]{10}|sk_(live|test)_/;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export async function createLink(c: Context) {
  const body = (await c.req.json().catch(() => undefined)) ?? {};
  const { user_id: userId, org_id: orgId } = body;
  const expiresInSeconds = body.expires_in_seconds ?? DEFAULT_LIFETIME_SECONDS;
  const longest = maxLifetimeSeconds(c.env);
  if (expiresInSeconds > longest)
    return refuse("lifetime_too_long", {
      message: `The lifetime must be ${longest} seconds or less.`,
    });
  const order = orderOf(
    c,
    { userId, orgId, expiresInSeconds },
    {
      operation: "create",
      userId: idOrNothing(userId),
      orgId: idOrNothing(orgId),
      expiresInSeconds: Number.isSafeInteger(expiresInSeconds) ? expiresInSeconds : undefined,
    },
  );
  return order instanceof Response ? order : answerOf(c, c.var.session.create(order));
}

export function revokeLink(c: Context) {
  const tokenId = c.req.param("id") ?? "";
  const order = orderOf(c, tokenId, { operation: "revoke", tokenId: idOrNothing(tokenId) });
  return order instanceof Response ? order : answerOf(c, c.var.session.revoke(order));
}

/** Returns the order with what the headers say, or a refusal. */
function orderOf<T>(c: Context, input: T, known: Omit<Begun, "actor">): Order<T> | Response {
  const requestId = c.req.header(REQUEST_ID) ?? "";
  if (!UUID.test(requestId)) return refuse("request_id_required");
  const notes = notesIn(c);
  if ("problem" in notes) return refuse("invalid_notes", { message: notes.problem });
  return { requestId, input, entry: { ...notes, ...known, actor: c.var.admin.user } };
}

/** Continues when the browser disconnects: every request to Clerk must be in the history. */
async function answerOf(c: Context, work: Promise<Parameters<typeof respond>[0]>) {
  c.executionCtx.waitUntil(work);
  return respond(await work);
}

/**
 * Returns the text only if it is an ID: the history must not keep anything else in its place, such
 * as a link.
 */
const idOrNothing = (value: unknown) =>
  typeof value === "string" && /^\w{1,80}$/.test(value) ? value : undefined;

/** Returns the notes, or why they cannot be kept. */
function notesIn(c: Context): Notes | { problem: string } {
  const given = new URLSearchParams(c.req.header(NOTES));
  const text = (name: keyof Notes) => given.get(name)?.trim() || undefined;
  const notes = { reason: text("reason"), runId: text("runId"), fileName: text("fileName") };
  for (const [name, value] of Object.entries({
    reason: notes.reason,
    "file's name": notes.fileName,
  })) {
    if (value && value.length > LONGEST)
      return { problem: `The ${name} must be ${LONGEST} characters or less.` };
    if (value && SECRET.test(value))
      return { problem: `The ${name} contains a sign-in link, a token or a key. Remove it.` };
  }
  if (notes.runId && !UUID.test(notes.runId)) return { problem: "The run's ID must be a UUID." };
  return notes;
}
