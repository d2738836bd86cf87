// Holds the links of this tab, in memory only. leaving.js asks before links are lost that were neither copied nor downloaded.
import { signal } from "@preact/signals";

import { now } from "./clock.ts";
import type { SignInToken } from "clerk-sign-in-tokens";
import type { Link, LinkEnd } from "../types.ts";

const held: Map<string, Link> = new Map();

/** Counts changes, so that the parts that show links are redrawn. */
const changes = signal(0);

/**
 * Keeps `token`, as the package returns it, and what else is known about it. Returns the link.
 */
export function hold(
  token: SignInToken,
  {
    orgId,
    expiresInSeconds,
    traceId,
    source,
  }: Pick<Link, "orgId" | "expiresInSeconds" | "traceId" | "source">,
) {
  const link: Link = {
    tokenId: token.id,
    userId: token.userId,
    orgId,
    url: token.url,
    expiresInSeconds,
    expiresAt: token.createdAt + expiresInSeconds * 1000,
    traceId,
    source,
    status: "active",
    isHandedOver: false,
  };
  held.set(link.tokenId, link);
  changed();
  return link;
}

export function linkFor(tokenId: string) {
  void changes.value;
  return held.get(tokenId);
}

/**
 * Records that the link is now also outside this tab: it was copied, downloaded or shown as a QR code.
 */
export function handOver(...links: Link[]) {
  for (const link of links) link.isHandedOver = true;
  changed();
}

/**
 * `status`: "revoked", or "not_pending" where it was used or revoked before. The link is forgotten.
 */
export function endLink(tokenId: string, status: LinkEnd) {
  const link = held.get(tokenId);
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
  return [...held.values()].filter(isActive).reverse();
}

/** Links that work and that only this tab has. */
export const waitingLinks = () => activeLinks().filter(({ isHandedOver }) => !isHandedOver);

function changed() {
  changes.value++;
}
