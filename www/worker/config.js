// Reads and checks the configuration.
import { SignInTokensError } from "clerk-sign-in-tokens";

import { clientOf } from "./client.js";

/** @import { Env } from "./types" */

const SHORTEST_PASSWORD = 12;

/** Clerk's default: 30 days. */
export const DEFAULT_LIFETIME_SECONDS = 2_592_000;

/** A working day. */
const DEFAULT_SESSION_SECONDS = 28_800;

/**
 * Returns what is missing or wrong, if anything. The Worker then serves nothing.
 *
 * @param {Env} env
 */
export function problemWith(env) {
  if (!env.CLERK_SECRET_KEY) return "set the secret CLERK_SECRET_KEY";
  if (!hasPassword(env) && !hasAccess(env))
    return "set the secret ADMIN_PASSWORD (12 characters or more), or put Cloudflare Access in front";
  if (hasPassword(env) && !(env.SESSIONS && env.LOGIN_ATTEMPTS))
    return "add the bindings SESSIONS and LOGIN_ATTEMPTS";
  const numbers = {
    SESSION_SECONDS: sessionSeconds(env),
    MAX_LIFETIME_SECONDS: maxLifetimeSeconds(env),
  };
  for (const [name, value] of Object.entries(numbers))
    if (!isPositiveInteger(value)) return `${name} must be a whole number, 1 or more`;
  return problemWithClient(env);
}

/**
 * Returns what the package says against `CLERK_API_URL`. Without this check, each create would fail after its entry in the history
 * was begun.
 *
 * @param {Env} env
 */
function problemWithClient(env) {
  try {
    clientOf(env);
    return undefined;
  } catch (error) {
    const reason = error instanceof SignInTokensError ? error.message : "the package failed";
    return `CLERK_API_URL cannot be used (${reason})`;
  }
}

/** @param {Env} env */
export const hasPassword = ({ ADMIN_PASSWORD }) =>
  typeof ADMIN_PASSWORD === "string" && ADMIN_PASSWORD.length >= SHORTEST_PASSWORD;

/** @param {Env} env */
export const hasAccess = ({ ACCESS_TEAM_DOMAIN, ACCESS_AUD }) =>
  Boolean(ACCESS_TEAM_DOMAIN && ACCESS_AUD);

/**
 * Returns how long a login lasts.
 *
 * @param {Env} env
 */
export const sessionSeconds = (env) => seconds(env.SESSION_SECONDS, DEFAULT_SESSION_SECONDS);

/**
 * Returns the maximum lifetime of a token.
 *
 * @param {Env} env
 */
export const maxLifetimeSeconds = (env) =>
  seconds(env.MAX_LIFETIME_SECONDS, DEFAULT_LIFETIME_SECONDS);

/** @param {Env} env */
export const isProduction = ({ CLERK_SECRET_KEY }) => CLERK_SECRET_KEY.startsWith("sk_live_");

/**
 * @param {string | undefined} value
 * @param {number} otherwise
 */
const seconds = (value, otherwise) => (value === undefined ? otherwise : Number(value));
/** @param {number} value */
const isPositiveInteger = (value) => Number.isSafeInteger(value) && value > 0;
