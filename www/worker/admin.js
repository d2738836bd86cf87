// Who is an admin: somebody with a session, or whom Cloudflare Access vouches for.
import { createMiddleware } from "hono/factory";

import { accessUser } from "./access.js";
import { hasPassword, isProduction, maxLifetimeSeconds } from "./config.js";
import { errorResponse } from "./error-response.js";
import { beginSession, endSession, readSession } from "./login.js";

/** @import { MiddlewareHandler } from "hono" */
/** @import { Admin, AppEnv, Context } from "./types" */

/** Clerk's limits: requests in 10 seconds, for an instance in production and one in development. */
const [PRODUCTION_RATE, DEVELOPMENT_RATE] = [1000, 100];

/**
 * Lets admins through, as `c.var.admin`. Nothing has been sent to Clerk where it refuses.
 *
 * @type {MiddlewareHandler<AppEnv>}
 */
export const requireAdmin = createMiddleware(async (c, next) => {
  let found;
  try {
    found = await admin(c);
  } catch {
    // Not a 5xx: after one of those the page would have to say that a token may exist.
    return errorResponse(424, "session_unavailable", "The login could not be checked. Try again.");
  }
  if (!found) return notLoggedIn(c);
  c.set("admin", found);
  return next();
});

/**
 * Who is logged in, and what the page has to know of the deployment.
 *
 * @param {Context} c
 */
export const session = (c) => c.json(describe(c, c.var.admin));

/** @param {Context} c */
export async function login(c) {
  const begun = await beginSession(c);
  return begun instanceof Response ? begun : c.json(describe(c, { ...begun, login: "password" }));
}

/** @param {Context} c */
export async function logout(c) {
  await endSession(c);
  return c.body(null, 204);
}

/**
 * @param {Context} c
 * @param {Admin} admin
 */
function describe({ env }, admin) {
  return {
    ...admin,
    instance: isProduction(env) ? "production" : "development",
    rateLimit: isProduction(env) ? PRODUCTION_RATE : DEVELOPMENT_RATE,
    maxLifetimeSeconds: maxLifetimeSeconds(env),
    history: env.DB ? "database" : "tab",
  };
}

/**
 * `{ user, login, expiresAt? }`, or `undefined` for anybody else.
 *
 * @param {Context} c
 * @returns {Promise<Admin | undefined>}
 */
async function admin(c) {
  const user = await accessUser(c);
  if (user) return { user, login: "access" };
  const found = await readSession(c);
  return found && { ...found, login: "password" };
}

/** @param {Context} c */
function notLoggedIn({ env }) {
  return hasPassword(env)
    ? errorResponse(401, "session_required", "Log in first.")
    : errorResponse(401, "access_required", "Cloudflare Access does not say who you are.");
}
