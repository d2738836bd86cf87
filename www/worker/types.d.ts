// What the parts of the Worker share.
import type { SignInToken, SignInTokensError } from "clerk-sign-in-tokens";
import type { Context as HonoContext } from "hono";
import type { Session } from "./session-object.js";

/** The Worker's secrets, vars and bindings. Those that a deployment does not need are optional. */
export interface Env {
  CLERK_SECRET_KEY: string;
  CLERK_API_URL?: string;
  ADMIN_PASSWORD?: string;
  ACCESS_TEAM_DOMAIN?: string;
  ACCESS_AUD?: string;
  SESSION_SECONDS?: string;
  MAX_LIFETIME_SECONDS?: string;
  ASSETS: Fetcher;
  DB?: D1Database;
  LOGIN_ATTEMPTS: RateLimit;
  SESSIONS: DurableObjectNamespace<Session>;
}

export interface Admin {
  user: string;
  login: "password" | "access";
  /** Unix milliseconds. */
  expiresAt?: number;
}

export type AppEnv = { Bindings: Env; Variables: { admin: Admin } };
export type Context = HonoContext<AppEnv>;

/** What is stored of a login. */
export interface StoredSession {
  user: string;
  expiresAt: number;
}

/** The result of an operation: a token or an error. */
export type Result =
  | { token: SignInToken; error?: undefined; traceId?: string }
  | { token?: undefined; error: SignInTokensError; traceId?: string };

/** What the history notes before a request. */
export interface Begun {
  operation: "create" | "revoke";
  actor: string;
  reason?: string;
  userId?: string;
  orgId?: string;
  tokenId?: string;
  expiresInSeconds?: number;
}

/** What the history notes after a request. */
export interface Ended {
  outcome: string;
  tokenId?: string;
  errorCode?: string;
  traceId?: string;
  expiresAt?: number;
}
