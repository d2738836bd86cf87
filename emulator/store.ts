// The sign-in tokens of the emulator, with the life cycle that Clerk's Backend API gives them.
import { randomBytes } from "node:crypto";

import { ApiError } from "./errors.ts";

const DEFAULT_LIFETIME = 2_592_000;

export interface Entry {
  id: string;
  user_id: string;
  org_id?: string | null;
  token: string;
  url: string;
  status: "pending" | "revoked" | "accepted";
  /** Unix time in milliseconds, like the other times. */
  created_at: number;
  updated_at: number;
  expiresAt: number;
}

interface Params {
  user_id: string;
  org_id?: string | null;
  expires_in_seconds?: number | null;
}

export class Store {
  #tokens = new Map<string, Entry>();
  #skew = 0;

  /** Returns the emulator's time, in Unix milliseconds. */
  now() {
    return Date.now() + this.#skew;
  }

  /** Moves the clock forward. */
  advance(seconds: number) {
    this.#skew += seconds * 1000;
  }

  /** Creates a token. Its URL has the `origin`. */
  create({ user_id, org_id, expires_in_seconds }: Params, origin: string) {
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
    const entry: Entry = {
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

  get(id: string) {
    return this.#tokens.get(id);
  }

  /** Redeems a ticket: once, unless its token is revoked or expired. Returns the token. */
  redeem(ticket: string) {
    const entry = this.all().find(({ token }) => token === ticket);
    if (!entry) throw new ApiError("ticket_invalid_code");
    if (entry.status === "revoked") throw new ApiError("sign_in_token_revoked_code");
    if (entry.status === "accepted") throw new ApiError("sign_in_token_already_used_code");
    if (this.now() >= entry.expiresAt) throw new ApiError("ticket_expired_code");
    return this.move(entry, "accepted");
  }

  /** Changes the status of a token. */
  move(entry: Entry, status: Entry["status"]) {
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

/** Returns a new id in Clerk's style. */
export function newId(prefix: string) {
  return `${prefix}_${randomBytes(20).toString("base64url").replaceAll(/[-_]/g, "0")}`;
}

/** Returns a token as the API shows it. The ticket is only there while it can be used. */
export function resource({ id, status, user_id, token, url, created_at, updated_at }: Entry) {
  const ticket = status === "pending" ? { token, url } : { url: null };
  return { object: "sign_in_token", id, status, user_id, ...ticket, created_at, updated_at };
}
