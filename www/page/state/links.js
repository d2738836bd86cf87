// The links that this tab holds: in memory alone, and gone with it. What was neither copied nor downloaded is asked about first.
import { signal } from "@preact/signals";

import { now } from "./clock.js";

const held = new Map();

/** Counts changes, so that what shows links is drawn anew. */
const changes = signal(0);

/** Keeps `token`, as the package gives it, and what is known of it beside; gives the link. */
export function hold(token, { orgId, expiresInSeconds, traceId, source }) {
  const link = {
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

export function linkFor(tokenId) {
  void changes.value;
  return held.get(tokenId);
}

/** Notes that somebody else has the link now: it was copied, downloaded or shown as a QR code. */
export function handOver(...links) {
  for (const link of links) link.isHandedOver = true;
  changed();
}

/** `status`: "revoked", or "not_pending" where it was used or revoked before. The link is forgotten. */
export function endLink(tokenId, status) {
  const link = held.get(tokenId);
  if (!link) return;
  link.status = status;
  link.url = undefined;
  changed();
}

/** "active", "expired", "revoked" or "not_pending". */
export function statusOf(link) {
  void changes.value;
  return link.status === "active" && link.expiresAt <= now.value ? "expired" : link.status;
}

/** Links that work, the newest first. */
export function activeLinks() {
  void changes.value;
  const isActive = ({ status, expiresAt }) => status === "active" && expiresAt > Date.now();
  return [...held.values()].filter(isActive).reverse();
}

/** Links that work and that nobody has but this tab. */
export const waitingLinks = () => activeLinks().filter(({ isHandedOver }) => !isHandedOver);

function changed() {
  changes.value++;
}
