// Reads and checks the configuration.
/** @import { Env } from "./types" */

const SHORTEST_PASSWORD = 12;

/** @type {("SESSION_SECONDS" | "MAX_LIFETIME_SECONDS")[]} */
const NUMBERS = ["SESSION_SECONDS", "MAX_LIFETIME_SECONDS"];

/** Clerk's default: 30 days. */
export const DEFAULT_LIFETIME_SECONDS = 2_592_000;

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
  for (const name of NUMBERS)
    if (!isPositiveInteger(seconds(env[name]))) return `${name} must be a whole number, 1 or more`;
  return undefined;
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
export const sessionSeconds = (env) => seconds(env.SESSION_SECONDS);

/**
 * Returns the maximum lifetime of a token.
 *
 * @param {Env} env
 */
export const maxLifetimeSeconds = (env) => seconds(env.MAX_LIFETIME_SECONDS);

/** @param {Env} env */
export const isProduction = ({ CLERK_SECRET_KEY }) => CLERK_SECRET_KEY.startsWith("sk_live_");

/** @param {string} [value] */
const seconds = (value) => (value === undefined ? DEFAULT_LIFETIME_SECONDS : Number(value));
/** @param {number} value */
const isPositiveInteger = (value) => Number.isSafeInteger(value) && value > 0;
