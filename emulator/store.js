// The emulator's state: sign-in tokens and their life, after Clerk's Backend API.
import { randomBytes } from "node:crypto";

const DEFAULT_LIFETIME = 2_592_000;

export class Store {
  #tokens = new Map();
  #skew = 0;

  /** Unix time in milliseconds, as far as `advance` has turned it. */
  now() {
    return Date.now() + this.#skew;
  }

  /** Lets `seconds` pass. */
  advance(seconds) {
    this.#skew += seconds * 1000;
  }

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

  get(id) {
    return this.#tokens.get(id);
  }

  byTicket(ticket) {
    return [...this.#tokens.values()].find(({ token }) => token === ticket);
  }

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

/** A new id in Clerk's style. */
export function newId(prefix) {
  return `${prefix}_${randomBytes(20).toString("base64url").replaceAll(/[-_]/g, "0")}`;
}

/** A token as the API shows it: the ticket is seen while it can be used. */
export function resource({ id, status, user_id, token, url, created_at, updated_at }) {
  const ticket = status === "pending" ? { token, url } : { url: null };
  return { object: "sign_in_token", id, status, user_id, ...ticket, created_at, updated_at };
}
