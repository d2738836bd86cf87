// What the routes get with a request.
import type { Context as HonoContext } from "hono";

import type { Session as LoggedIn } from "../contract.ts";
import type { Session } from "./session.ts";
import type { Env } from "./types.ts";

export type Admin = Pick<LoggedIn, "user" | "login" | "expiresAt">;

/** `session` is the admin's Durable Object. */
export type AppEnv = {
  Bindings: Env & { SESSIONS: DurableObjectNamespace<Session> };
  Variables: { admin: Admin; session: DurableObjectStub<Session> };
};
export type Context = HonoContext<AppEnv>;
