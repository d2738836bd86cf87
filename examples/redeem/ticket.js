// @ts-check
// Keeps the ticket between the link and the click: out of the address bar, in this tab only, until it is sent.

/** @typedef {{ ticket: string, user: string | null }} Link what the address held; `user` is the id that it is for, if said */

const LINK = "sign-in-link";
const SENT = "sign-in-ticket-sent";

/**
 * Takes the link from the address (`#ticket=…&user=…`) and cleans the address bar at once. A link that is not used yet
 * outlives a reload. Returns null where there is none, or where this tab has sent its ticket before.
 *
 * @returns {Promise<Link | null>}
 */
export async function takeLink() {
  const given = new URLSearchParams(location.hash.slice(1));
  const ticket = given.get("ticket");
  if (ticket) {
    history.replaceState(null, "", location.pathname + location.search);
    if ((await digest(ticket)) !== sessionStorage.getItem(SENT)) {
      sessionStorage.setItem(LINK, JSON.stringify({ ticket, user: given.get("user") }));
    }
  }
  return JSON.parse(sessionStorage.getItem(LINK) ?? "null");
}

/** Notes that the ticket is about to be sent. From now on a reload does not send it again. */
export async function markSent(/** @type {Link} */ { ticket }) {
  sessionStorage.setItem(SENT, await digest(ticket));
  dropLink();
}

/** Whether this tab sent a ticket. */
export function wasSent() {
  return sessionStorage.getItem(SENT) !== null;
}

/** Forgets a link that is not to be used. */
export function dropLink() {
  sessionStorage.removeItem(LINK);
}

/** A name for the ticket that signs nobody in. */
async function digest(/** @type {string} */ ticket) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ticket));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
