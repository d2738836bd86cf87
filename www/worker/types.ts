// What the parts of the Worker share.
import type { Context as HonoContext } from "hono";

import type { Entry, Notes, Session as LoggedIn } from "../contract.ts";
import type { Session } from "./session.ts";

/** The Worker's secrets, vars and bindings. Those that a deployment does not need are optional. */
export interface Env {
  CLERK_SECRET_KEY: string;
  CLERK_API_URL?: string;
  ADMIN_PASSWORD?: string;
  ACCESS_TEAM_DOMAIN?: string;
  ACCESS_AUD?: string;
  SESSION_SECONDS?: string;
  MAX_LIFETIME_SECONDS?: string;
  USER_LOOKUP?: string;
  ASSETS: Fetcher;
  DB?: D1Database;
  LOGIN_ATTEMPTS: RateLimit;
  USER_LOOKUPS: RateLimit;
}

/** What the history notes before a request. */
export interface Begun extends Notes {
  operation: Entry["operation"];
  actor: string;
  userId?: string;
  orgId?: string;
  tokenId?: string;
  expiresInSeconds?: number;
}

/** What the history notes after a request. */
export interface Ended {
  outcome: "created" | "revoked" | "not_pending" | "failed" | "unknown";
  tokenId?: string;
  errorCode?: string;
  traceId?: string;
  expiresAt?: number;
}

/** An operation that the page asks for. */
export interface Order<Input> {
  requestId: string;
  input: Input;
  entry: Begun;
}

export type Admin = Pick<LoggedIn, "user" | "login" | "expiresAt">;

/** What the routes get with a request. `session` is the admin's Durable Object. */
export type AppEnv = {
  Bindings: Env & { SESSIONS: DurableObjectNamespace<Session> };
  Variables: { admin: Admin; session: DurableObjectStub<Session> };
};
export type Context = HonoContext<AppEnv>;
