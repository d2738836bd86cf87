// Reads the reason for an operation, such as a ticket number, from a header: the API's bodies have no field for it.
/** @import { Context } from "./types" */

const LONGEST = 200;

/** Sign-in links, tickets and keys: the history must not hold them. */
const SECRET = /ticket=|eyJ[\w-]{10}|sk_(live|test)_/;

/**
 * `{ reason }`, or `{ problem }` where it cannot be kept. The page sends it percent-encoded.
 *
 * @param {Context} c
 * @returns {{ reason?: string, problem?: string }}
 */
export function reasonIn(c) {
  let reason;
  try {
    reason = decodeURIComponent(c.req.header("sign-in-reason") ?? "").trim();
  } catch {
    return { problem: "The reason must be percent-encoded." };
  }
  if (reason.length > LONGEST)
    return { problem: `The reason must be ${LONGEST} characters or less.` };
  if (SECRET.test(reason))
    return { problem: "The reason contains a sign-in link, a token or a key. Remove it." };
  return { reason: reason || undefined };
}
