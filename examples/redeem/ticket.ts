// Keeps the ticket between the opening of the link and the click: only in this tab, not in the
// address bar.

/** What a link contains: `user` is the ID of its user, if given. */
export type Link = { ticket: string; user: string | null };

const LINK = "sign-in-link";
const SENT = "sign-in-ticket-sent";

/**
 * Takes the link from the address (`#ticket=…&user=…`), and clears the address bar at once. An
 * unused link survives a reload. Returns null if there is no link, or if this tab has already sent
 * its ticket.
 */
export async function takeLink(): Promise<Link | null> {
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

/** Records that the ticket is about to be sent. After that, a reload does not send it again. */
export async function markSent({ ticket }: Link) {
  sessionStorage.setItem(SENT, await digest(ticket));
  dropLink();
}

/** Returns whether this tab has sent a ticket. */
export function wasSent() {
  return sessionStorage.getItem(SENT) !== null;
}

/** Drops an unwanted link. */
export function dropLink() {
  sessionStorage.removeItem(LINK);
}

/** Returns a name for the ticket that cannot sign anybody in. */
async function digest(ticket: string) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ticket));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
