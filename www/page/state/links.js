// Holds the links of this tab, in memory only. leaving.js asks before links are lost that were neither copied nor downloaded.
import { signal } from "@preact/signals";

import { now } from "./clock.js";

/** @import { SignInToken } from "clerk-sign-in-tokens" */

/** @import { Link, LinkEnd } from "../types" */

/** @type {Map<string, Link>} */
const held = new Map();

/** Counts changes, so that the parts that show links are redrawn. */
const changes = signal(0);

/**
 * Keeps `token`, as the package returns it, and what else is known about it. Returns the link.
 *
 * @param {SignInToken} token
 * @param {Pick<Link, "orgId" | "expiresInSeconds" | "traceId" | "source">} known
 */
export function hold(token, { orgId, expiresInSeconds, traceId, source }) {
  /** @type {Link} */
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

/** @param {string} tokenId */
export function linkFor(tokenId) {
  void changes.value;
  return held.get(tokenId);
}

/**
 * Records that the link is now also outside this tab: it was copied, downloaded or shown as a QR code.
 *
 * @param {Link[]} links
 */
export function handOver(...links) {
  for (const link of links) link.isHandedOver = true;
  changed();
}

/**
 * `status`: "revoked", or "not_pending" where it was used or revoked before. The link is forgotten.
 *
 * @param {string} tokenId
 * @param {LinkEnd} status
 */
export function endLink(tokenId, status) {
  const link = held.get(tokenId);
  if (!link) return;
  link.status = status;
  link.url = undefined;
  changed();
}

/**
 * "active", "expired", "revoked" or "not_pending".
 *
 * @param {Link} link
 */
export function statusOf(link) {
  void changes.value;
  return link.status === "active" && link.expiresAt <= now.value ? "expired" : link.status;
}

/** Links that work, the newest first. */
export function activeLinks() {
  void changes.value;
  const isActive = (/** @type {Link} */ { status, expiresAt }) =>
    status === "active" && expiresAt > Date.now();
  return [...held.values()].filter(isActive).reverse();
}

/** Links that work and that only this tab has. */
export const waitingLinks = () => activeLinks().filter(({ isHandedOver }) => !isHandedOver);

function changed() {
  changes.value++;
}
