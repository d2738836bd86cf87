// Checks the password and keeps sessions. The browser gets a session's ID in a signed cookie.
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";

import { hasPassword, sessionSeconds } from "./config.js";
import { errorResponse } from "./error-response.js";
import { networkOf } from "./network.js";

/** @import { CookieOptions } from "hono/utils/cookie" */
/** @import { Context, Env, StoredSession } from "./types" */

const COOKIE = "session";

/**
 * Starts a session if the password is right. Returns it, or the refusal as a `Response`.
 *
 * @param {Context} c
 */
export async function beginSession(c) {
  if (!hasPassword(c.env))
    return errorResponse(
      401,
      "access_required",
      "This deployment has no password. Log in with Cloudflare Access.",
    );
  const address = c.req.header("cf-connecting-ip");
  const { success } = await c.env.LOGIN_ATTEMPTS.limit({ key: networkOf(address) });
  if (!success)
    return errorResponse(
      429,
      "too_many_attempts",
      "Too many attempts. Wait a minute, then try again.",
      {
        "retry-after": "60",
      },
    );
  const { password } = (await c.req.json().catch(() => undefined)) ?? {};
  if (typeof password !== "string" || !(await isEqual(password, c.env.ADMIN_PASSWORD ?? "")))
    return errorResponse(401, "wrong_password", "Wrong password.");
  const session = { user: "admin", expiresAt: Date.now() + sessionSeconds(c.env) * 1000 };
  const id = crypto.randomUUID();
  await c.env.SESSIONS.getByName(id).begin(session);
  await setSignedCookie(c, COOKIE, id, signingKey(c.env), {
    ...cookieOptions(c),
    maxAge: sessionSeconds(c.env),
  });
  return session;
}

/**
 * Returns the session that the cookie names, if any.
 *
 * @param {Context} c
 * @returns {Promise<StoredSession | undefined>}
 */
export async function readSession(c) {
  const id = await sessionId(c);
  return id ? c.env.SESSIONS.getByName(id).read() : undefined;
}

/**
 * Ends the session, which invalidates every copy of its cookie.
 *
 * @param {Context} c
 */
export async function endSession(c) {
  const id = await sessionId(c);
  if (id) await c.env.SESSIONS.getByName(id).end();
  deleteCookie(c, COOKIE, cookieOptions(c));
}

/** @param {Context} c */
async function sessionId(c) {
  if (!hasPassword(c.env)) return undefined;
  return (await getSignedCookie(c, signingKey(c.env), COOKIE, prefix(c))) || undefined;
}

/**
 * Returns the key. It changes with the password, which ends all sessions.
 *
 * @param {Env} env
 */
function signingKey({ ADMIN_PASSWORD }) {
  return `session of ${ADMIN_PASSWORD}`;
}

/**
 * @param {Context} c
 * @returns {CookieOptions}
 */
function cookieOptions(c) {
  return { path: "/", httpOnly: true, sameSite: "Strict", secure: isHttps(c), prefix: prefix(c) };
}

/**
 * Binds the cookie to this host, over https.
 *
 * @param {Context} c
 * @returns {"host" | undefined}
 */
function prefix(c) {
  return isHttps(c) ? "host" : undefined;
}

/** @param {Context} c */
function isHttps(c) {
  return new URL(c.req.url).protocol === "https:";
}

/**
 * Compares in constant time: digests have one length.
 *
 * @param {string} given
 * @param {string} expected
 */
async function isEqual(given, expected) {
  const [a, b] = await Promise.all(
    [given, expected].map((text) =>
      crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
    ),
  );
  return crypto.subtle.timingSafeEqual(a, b);
}
