// Reads and checks the configuration.
import { SignInTokensError } from "clerk-sign-in-tokens";

import { clientOf } from "./client.ts";
import type { Env } from "./types.ts";

const SHORTEST_PASSWORD = 12;

/** Clerk's default: 30 days. */
export const DEFAULT_LIFETIME_SECONDS = 2_592_000;

/** A working day. */
const DEFAULT_SESSION_SECONDS = 28_800;

/** Returns what is missing or wrong, if anything. The Worker then serves nothing. */
export function problemWith(env: Env) {
  if (!env.CLERK_SECRET_KEY) return "set the secret CLERK_SECRET_KEY";
  if (!env.ACCESS_TEAM_DOMAIN !== !env.ACCESS_AUD)
    return "set both ACCESS_TEAM_DOMAIN and ACCESS_AUD, or neither";
  if (!hasPassword(env) && !env.ACCESS_AUD)
    return "set the secret ADMIN_PASSWORD (12 characters or more), or use Cloudflare Access";
  if (env.ACCESS_TEAM_DOMAIN && !accessIssuer(env))
    return "ACCESS_TEAM_DOMAIN must be like https://your-team.cloudflareaccess.com";
  const bindings = {
    SESSIONS: true,
    LOGIN_ATTEMPTS: hasPassword(env),
    USER_LOOKUPS: hasUserLookup(env),
  };
  for (const [name, isNeeded] of Object.entries(bindings))
    if (isNeeded && !(name in env)) return `add the binding ${name}`;
  const numbers = {
    SESSION_SECONDS: sessionSeconds(env),
    MAX_LIFETIME_SECONDS: maxLifetimeSeconds(env),
  };
  for (const [name, value] of Object.entries(numbers))
    if (!Number.isSafeInteger(value) || value < 1)
      return `${name} must be a whole number, 1 or more`;
  return problemWithClient(env);
}

/**
 * Returns what the package says against `CLERK_API_URL`. Without this check, each create would fail
 * after its entry in the history was begun.
 */
function problemWithClient(env: Env) {
  try {
    clientOf(env);
    return undefined;
  } catch (error) {
    const reason = error instanceof SignInTokensError ? error.message : "the package failed";
    return `CLERK_API_URL cannot be used (${reason})`;
  }
}

export const hasPassword = ({ ADMIN_PASSWORD = "" }: Env) =>
  ADMIN_PASSWORD.length >= SHORTEST_PASSWORD;

export const hasUserLookup = ({ USER_LOOKUP }: Env) => USER_LOOKUP?.toLowerCase() !== "off";

/** Returns the origin of Cloudflare Access's team domain; `undefined` if it is none. */
export function accessIssuer({ ACCESS_TEAM_DOMAIN: domain = "" }: Env) {
  const url = URL.parse(domain.includes("://") ? domain : `https://${domain}`);
  // http for a stub on the same machine.
  const isUsable =
    url?.protocol === "https:" ? url.hostname.includes(".") : url?.hostname === "127.0.0.1";
  return isUsable ? url?.origin : undefined;
}

/** Returns how long a login lasts. */
export const sessionSeconds = ({ SESSION_SECONDS }: Env) =>
  Number(SESSION_SECONDS ?? DEFAULT_SESSION_SECONDS);

/** Returns the maximum lifetime of a token. */
export const maxLifetimeSeconds = ({ MAX_LIFETIME_SECONDS }: Env) =>
  Number(MAX_LIFETIME_SECONDS ?? DEFAULT_LIFETIME_SECONDS);
