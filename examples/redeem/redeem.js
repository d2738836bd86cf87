// @ts-check
// Redeems a ticket with Clerk's frontend SDK. Independent of the page.
import { isClerkAPIResponseError } from "@clerk/clerk-js";

/** @typedef {import("@clerk/clerk-js").Clerk} Clerk */
/**
 * @typedef {{ code: string, retryAfter?: number }} Problem what to tell the user; see messages.js
 */

/**
 * Signs the user in with the ticket. Returns the problem; undefined if there was none.
 *
 * @param {Clerk} clerk
 * @param {string} ticket
 * @returns {Promise<Problem | undefined>}
 */
export async function redeem(clerk, ticket) {
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

/**
 * Continues with a session that this browser already has. Returns whether there was one.
 *
 * @param {Clerk} clerk
 */
export async function resume(clerk) {
  await clerk.client?.reload();
  const [session] = clerk.client?.signedInSessions ?? [];
  if (!session) return false;
  await activate(clerk, session.id);
  return true;
}

/**
 * Signs out without Clerk's redirect.
 *
 * @param {Clerk} clerk
 */
export async function signOut(clerk) {
  await clerk.signOut(() => {});
}

/**
 * Activates the session together with the organization that the token was created for, in one call.
 *
 * @param {Clerk} clerk
 * @param {string | null} id
 */
async function activate(clerk, id) {
  const session = clerk.client?.sessions.find((session) => session.id === id);
  await clerk.setActive({
    session: id,
    organization: session?.lastActiveOrganizationId ?? undefined,
  });
}

/**
 * @param {unknown} error
 * @returns {Problem}
 */
function describe(error) {
  if (!isClerkAPIResponseError(error)) return { code: "no_answer" };
  const code = error.status === 429 ? "too_many_requests" : error.errors[0]?.code;
  return { code: code ?? "unknown", retryAfter: error.retryAfter };
}

function isUsed(/** @type {Problem} */ { code }) {
  return code === "sign_in_token_already_used_code";
}
