// Who is an admin: somebody with the password, kept in a signed cookie, or whom Cloudflare Access lets through.
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";

import { accessUser } from "./access.js";
import { errorResponse } from "./error-response.js";

const COOKIE = "session";
const SHORTEST_PASSWORD = 12;

/** Without a way to tell admins, nothing is served. */
export function isConfigured({ CLERK_SECRET_KEY, ADMIN_PASSWORD, ACCESS_TEAM_DOMAIN, ACCESS_AUD }) {
  const hasPassword =
    typeof ADMIN_PASSWORD === "string" && ADMIN_PASSWORD.length >= SHORTEST_PASSWORD;
  return Boolean(CLERK_SECRET_KEY && (hasPassword || (ACCESS_TEAM_DOMAIN && ACCESS_AUD)));
}

export const requireAdmin = createMiddleware(async (c, next) => {
  if (await admin(c)) return next();
  return errorResponse(401, "session_required", "Log in first.");
});

/** Who is logged in. */
export async function session(c) {
  const found = await admin(c);
  return found ? welcome(c, found) : errorResponse(401, "session_required", "Log in first.");
}

/** With how many requests the key's instance takes in 10 seconds. */
function welcome(c, found) {
  return c.json({
    ...found,
    rateLimit: c.env.CLERK_SECRET_KEY.startsWith("sk_live_") ? 1000 : 100,
  });
}

export async function login(c) {
  const { ADMIN_PASSWORD, LOGIN_ATTEMPTS, SESSION_SECONDS } = c.env;
  const { success } = await LOGIN_ATTEMPTS.limit({
    key: c.req.header("cf-connecting-ip") ?? "local",
  });
  if (!success)
    return errorResponse(429, "too_many_attempts", "Too many attempts: wait a minute.", {
      "retry-after": "60",
    });
  const { password } = (await c.req.json().catch(() => undefined)) ?? {};
  if (
    !ADMIN_PASSWORD ||
    typeof password !== "string" ||
    !(await isEqual(password, ADMIN_PASSWORD))
  ) {
    return errorResponse(401, "wrong_password", "That is not the password.");
  }
  const seconds = Number(SESSION_SECONDS);
  const expiresAt = Date.now() + seconds * 1000;
  await setSignedCookie(c, COOKIE, String(expiresAt), signingKey(c.env), {
    ...cookieOptions(c),
    maxAge: seconds,
  });
  return welcome(c, { user: "admin", expiresAt });
}

export function logout(c) {
  deleteCookie(c, COOKIE, cookieOptions(c));
  return c.body(null, 204);
}

/** `{ user, expiresAt? }`, or `undefined` for anybody else. */
async function admin(c) {
  const user = await accessUser(c);
  if (user) return { user };
  if (!c.env.ADMIN_PASSWORD) return undefined;
  const expiresAt = Number(await getSignedCookie(c, signingKey(c.env), COOKIE, prefix(c)));
  return expiresAt > Date.now() ? { user: "admin", expiresAt } : undefined;
}

/** Another password is another key: changing it ends all sessions. */
function signingKey({ ADMIN_PASSWORD }) {
  return `session of ${ADMIN_PASSWORD}`;
}

function cookieOptions(c) {
  return { path: "/", httpOnly: true, sameSite: "Strict", secure: isHttps(c), prefix: prefix(c) };
}

/** Bound to this very host, where there is https. */
function prefix(c) {
  return isHttps(c) ? "host" : undefined;
}

function isHttps(c) {
  return new URL(c.req.url).protocol === "https:";
}

/** In constant time: digests are of one length, and say nothing about how much was right. */
async function isEqual(given, expected) {
  const [a, b] = await Promise.all(
    [given, expected].map((text) =>
      crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
    ),
  );
  return crypto.subtle.timingSafeEqual(a, b);
}
