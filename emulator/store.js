// The sign-in tokens of the emulator, with the life cycle that Clerk's Backend API gives them.
import { randomBytes } from "node:crypto";

const DEFAULT_LIFETIME = 2_592_000;

/**
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} user_id
 * @property {string | null} [org_id]
 * @property {string} token
 * @property {string} url
 * @property {"pending" | "revoked" | "accepted"} status
 * @property {number} created_at Unix time in milliseconds, like the other times
 * @property {number} updated_at
 * @property {number} expiresAt
 */

export class Store {
  /** @type {Map<string, Entry>} */
  #tokens = new Map();
  #skew = 0;

  /** Returns the emulator's time, in Unix milliseconds. */
  now() {
    return Date.now() + this.#skew;
  }

  /**
   * Moves the clock forward.
   *
   * @param {number} seconds
   */
  advance(seconds) {
    this.#skew += seconds * 1000;
  }

  /**
   * Creates a token.
   *
   * @param {{ user_id: string, org_id?: string | null, expires_in_seconds?: number | null }} params
   * @param {string} origin of the token's URL
   */
  create({ user_id, org_id, expires_in_seconds }, origin) {
    const id = newId("sit");
    const now = this.now();
    const expiresAt = now + (expires_in_seconds ?? DEFAULT_LIFETIME) * 1000;
    const token = [
      { alg: "HS256", typ: "JWT" },
      {
        exp: Math.floor(expiresAt / 1000),
        sid: id,
        st: "sign_in_token",
        ...(org_id && { oid: org_id }),
      },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .concat(randomBytes(32).toString("base64url"))
      .join(".");
    const url = `${origin}/v1/tickets/accept?ticket=${token}`;
    /** @type {Entry} */
    const entry = {
      id,
      user_id,
      org_id,
      token,
      url,
      status: "pending",
      created_at: now,
      updated_at: now,
      expiresAt,
    };
    this.#tokens.set(id, entry);
    return entry;
  }

  /** @param {string} id */
  get(id) {
    return this.#tokens.get(id);
  }

  /** @param {string} ticket */
  byTicket(ticket) {
    return [...this.#tokens.values()].find(({ token }) => token === ticket);
  }

  /**
   * Changes the status of a token.
   *
   * @param {Entry} entry
   * @param {Entry["status"]} status
   */
  move(entry, status) {
    entry.status = status;
    entry.updated_at = this.now();
    return entry;
  }

  all() {
    return [...this.#tokens.values()];
  }

  clear() {
    this.#tokens.clear();
    this.#skew = 0;
  }
}

/**
 * Returns a new id in Clerk's style.
 *
 * @param {string} prefix
 */
export function newId(prefix) {
  return `${prefix}_${randomBytes(20).toString("base64url").replaceAll(/[-_]/g, "0")}`;
}

/**
 * Returns a token as the API shows it. The ticket is only there while it can be used.
 *
 * @param {Entry} entry
 */
export function resource({ id, status, user_id, token, url, created_at, updated_at }) {
  const ticket = status === "pending" ? { token, url } : { url: null };
  return { object: "sign_in_token", id, status, user_id, ...ticket, created_at, updated_at };
}
