// Lets admins in: those with a session, and those whom Cloudflare Access identifies.
import { createMiddleware } from "hono/factory";

import { accessUser } from "./access.js";
import { hasPassword, isProduction, maxLifetimeSeconds } from "./config.js";
import { errorResponse } from "./error-response.js";
import { beginSession, endSession, readSession } from "./login.js";

/** @import { MiddlewareHandler } from "hono" */
/** @import { Admin, AppEnv, Context } from "./types" */

/** Clerk's limits in requests per 10 seconds, for production and development instances. */
const [PRODUCTION_RATE, DEVELOPMENT_RATE] = [1000, 100];

/**
 * Lets admins through, as `c.var.admin`. A refused request sends nothing to Clerk.
 *
 * @type {MiddlewareHandler<AppEnv>}
 */
export const requireAdmin = createMiddleware(async (c, next) => {
  let found;
  try {
    found = await admin(c);
  } catch {
    // Not a 5xx: the page would then say that a token may exist.
    return errorResponse(424, "session_unavailable", "The login could not be checked. Try again.");
  }
  if (!found) return notLoggedIn(c);
  c.set("admin", found);
  return next();
});

/**
 * Returns who is logged in, and the deployment.
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
    : errorResponse(401, "access_required", "Cloudflare Access did not identify you.");
}
