// Lets admins in: those with the password, and those whom Cloudflare Access identifies. The cookie
// of a session is random and unsigned: only the Durable Object that it leads to can confirm it, so
// that it tells nothing about the password.
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import type { CookieOptions } from "hono/utils/cookie";
import { sha256 } from "hono/utils/crypto";
import ipaddr from "ipaddr.js";

import type { AnswerCode, Session } from "../contract.ts";
import { accessUser } from "./access.ts";
import { refuse } from "./answers.ts";
import { clientOf } from "./client.ts";
import { hasPassword, hasUserLookup, maxLifetimeSeconds, sessionSeconds } from "./config.ts";
import type { Admin, AppEnv, Context } from "./types.ts";

const COOKIE = "session";

/** Clerk's limits in requests per 10 seconds, for production and development instances. */
const RATES = { production: 1000, development: 100 };

/** Lets admins through, as `c.var.admin`. A refused request sends nothing to Clerk. */
export const requireAdmin = createMiddleware<AppEnv>(async (c, next) => {
  const found = await findAdmin(c);
  if (typeof found === "string") return refuse(found);
  c.set("admin", found.admin);
  c.set("session", found.session);
  return next();
});

/** Returns who is logged in, and the deployment. */
export const showSession = (c: Context) => c.json(describe(c, c.var.admin));

/** Begins a session if the password is right, and ends the one before it. */
export async function logIn(c: Context) {
  if (!hasPassword(c.env))
    return refuse("access_required", {
      message: "This deployment has no password. Log in with Cloudflare Access.",
    });
  const key = networkOf(c.req.header("cf-connecting-ip"));
  const { success } = await c.env.LOGIN_ATTEMPTS.limit({ key });
  if (!success) return refuse("too_many_attempts", { retryAfter: 60 });
  const { password } = (await c.req.json().catch(() => undefined)) ?? {};
  if (typeof password !== "string" || !(await isRight(c, password)))
    return refuse("wrong_password");
  await (await sessionIn(c))?.end();
  const id = crypto.randomUUID();
  const admin = { user: "admin", expiresAt: Date.now() + sessionSeconds(c.env) * 1000 };
  await (await sessionOf(c, id)).begin(admin);
  setCookie(c, COOKIE, id, { ...cookieOptions(c), maxAge: sessionSeconds(c.env) });
  return c.json(describe(c, { ...admin, login: "password" }));
}

/** Ends the session, which invalidates every copy of its cookie. */
export async function logOut(c: Context) {
  await (await sessionIn(c))?.end();
  deleteCookie(c, COOKIE, cookieOptions(c));
  return c.body(null, 204);
}

/** Returns the admin and their Durable Object, or why there is none. */
async function findAdmin(c: Context): Promise<AppEnv["Variables"] | AnswerCode> {
  const user = await accessUser(c).catch(() => null);
  if (user === null) return "access_unavailable";
  if (user)
    return {
      admin: { user, login: "access" },
      session: c.env.SESSIONS.getByName(`access ${user}`),
    };
  try {
    const session = await sessionIn(c);
    const login = await session?.read();
    if (session && login) return { admin: { ...login, login: "password" }, session };
  } catch {
    return "session_unavailable";
  }
  return hasPassword(c.env) ? "session_required" : "access_required";
}

function describe({ env }: Context, admin: Admin): Session {
  const instance = clientOf(env).instanceType ?? "development";
  return {
    ...admin,
    instance,
    rateLimit: RATES[instance],
    maxLifetimeSeconds: maxLifetimeSeconds(env),
    history: env.DB ? "database" : "tab",
    userLookup: hasUserLookup(env),
  };
}

/** Returns the Durable Object that the cookie leads to, if any. */
async function sessionIn(c: Context) {
  const id = hasPassword(c.env) && getCookie(c, COOKIE, prefix(c));
  return id ? sessionOf(c, id) : undefined;
}

/** Returns whose guesses count together: an IPv4 address, or an IPv6 /64, which one client has. */
function networkOf(address?: string) {
  if (!address || !ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/64`).toString();
}

/** The password is in the object's name, so a new password ends all sessions. */
const sessionOf = async ({ env }: Context, id: string) =>
  env.SESSIONS.getByName(`password ${await sha256(`${id} ${env.ADMIN_PASSWORD}`)}`);

/** Comparing digests does not reveal how much of a guess was right. */
const isRight = async ({ env }: Context, guess: string) =>
  (await sha256(guess)) === (await sha256(env.ADMIN_PASSWORD ?? ""));

const cookieOptions = (c: Context): CookieOptions => ({
  path: "/",
  httpOnly: true,
  sameSite: "Strict",
  secure: isHttps(c),
  prefix: prefix(c),
});

/** Binds the cookie to this host, over https. */
const prefix = (c: Context) => (isHttps(c) ? "host" : undefined);

const isHttps = (c: Context) => new URL(c.req.url).protocol === "https:";
