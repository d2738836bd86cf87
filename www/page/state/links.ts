// Keeps the links of this tab, in memory only. leaving.ts asks before links are lost that were
// neither copied nor downloaded.
import { signal } from "@preact/signals";
import type { SignInToken } from "clerk-sign-in-tokens";

import type { Link, LinkEnd } from "../types.ts";
import { now } from "./clock.ts";

const links = new Map<string, Link>();

/** Counts changes, so that the parts that show links are redrawn. */
const changes = signal(0);

/** Keeps `token`, as the package returns it, and what else is known about it. Returns the link. */
export function keepLink(
  token: SignInToken,
  known: Pick<Link, "user" | "orgId" | "expiresInSeconds" | "traceId" | "source">,
) {
  const link: Link = {
    ...known,
    tokenId: token.id,
    userId: token.userId,
    url: token.url,
    expiresAt: token.createdAt + known.expiresInSeconds * 1000,
    status: "active",
    isShared: false,
  };
  links.set(link.tokenId, link);
  changed();
  return link;
}

export function linkFor(tokenId: string) {
  void changes.value;
  return links.get(tokenId);
}

/** Records that links are now also outside this tab: copied, downloaded or shown as a QR code. */
export function markShared(...links: Link[]) {
  for (const link of links) link.isShared = true;
  changed();
}

/**
 * `status`: "revoked", or "not_pending" where it was used or revoked before. The link is forgotten.
 */
export function endLink(tokenId: string, status: LinkEnd) {
  const link = links.get(tokenId);
  if (!link) return;
  link.status = status;
  link.url = undefined;
  changed();
}

/** "active", "expired", "revoked" or "not_pending". */
export function statusOf(link: Link) {
  void changes.value;
  return link.status === "active" && link.expiresAt <= now.value ? "expired" : link.status;
}

/** Links that work, the newest first. */
export function activeLinks() {
  void changes.value;
  const isActive = ({ status, expiresAt }: Link) => status === "active" && expiresAt > Date.now();
  return [...links.values()].filter(isActive).reverse();
}

/** Links that work and that only this tab has. */
export const waitingLinks = () => activeLinks().filter(({ isShared }) => !isShared);

function changed() {
  changes.value++;
}
