// Redeems a ticket with Clerk's frontend SDK. Independent of the page.
import { type Clerk, isClerkAPIResponseError } from "@clerk/clerk-js";

/** What to tell the user; see messages.ts. */
export type Problem = { code: string; retryAfter?: number };

/** Signs the user in with the ticket. Returns the problem; undefined if there was none. */
export async function redeem(clerk: Clerk, ticket: string): Promise<Problem | undefined> {
  if (!clerk.client) throw new Error("Clerk is not loaded");
  try {
    const signIn = await clerk.client.signIn.create({ strategy: "ticket", ticket });
    // If clerk-js finds the browser offline, create() resolves without an answer: the status is
    // null.
    if (!signIn.status) return { code: "no_answer" };
    // With no session to activate, setActive would sign out and report nothing.
    if (signIn.status !== "complete") return { code: signIn.status };
    await activate(clerk, signIn.createdSessionId);
  } catch (error) {
    const problem = describe(error);
    // The answer to an earlier attempt may have been lost. Then this browser already has the
    // session.
    if (!isUsed(problem) || !(await resume(clerk))) return problem;
  }
  return undefined;
}

/** Continues with a session that this browser already has. Returns whether there was one. */
export async function resume(clerk: Clerk) {
  await clerk.client?.reload();
  const [session] = clerk.client?.signedInSessions ?? [];
  if (!session) return false;
  await activate(clerk, session.id);
  return true;
}

/** Signs out without Clerk's redirect. */
export async function signOut(clerk: Clerk) {
  await clerk.signOut(() => {});
}

/**
 * Activates the session together with the organization that the token was created for, in one call.
 */
async function activate(clerk: Clerk, id: string | null) {
  const session = clerk.client?.sessions.find((session) => session.id === id);
  await clerk.setActive({
    session: id,
    organization: session?.lastActiveOrganizationId ?? undefined,
  });
}

function describe(error: unknown): Problem {
  if (!isClerkAPIResponseError(error)) return { code: "no_answer" };
  const code = error.status === 429 ? "too_many_requests" : error.errors[0]?.code;
  return { code: code ?? "unknown", retryAfter: error.retryAfter };
}

function isUsed({ code }: Problem) {
  return code === "sign_in_token_already_used_code";
}
