// The edge function behind the admin demo: holds the secret key, lets an admin in, and does the two operations.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

import page from "./index.html";

const HEADERS = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "content-security-policy":
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

export default {
  async fetch(request, env) {
    if (!env.CLERK_SECRET_KEY || !env.ADMIN_PASSWORD) return text(503, "CLERK_SECRET_KEY and ADMIN_PASSWORD have to be set.");
    if (!(await isAdmin(request, env))) return text(401, "Log in.", { "www-authenticate": 'Basic realm="sign-in tokens"' });
    const { pathname } = new URL(request.url);
    if (request.method === "GET" && pathname === "/") return new Response(page, { headers: { ...HEADERS, "content-type": "text/html; charset=utf-8" } });
    if (request.method !== "POST") return text(404, "There is nothing here.");
    if (!isSameOrigin(request)) return text(403, "Cross-site requests are refused.");
    const operation = { "/api/create": "create", "/api/revoke": "revoke" }[pathname];
    return operation ? operate(operation, await request.json().catch(() => undefined), env) : text(404, "There is nothing here.");
  },
};

async function operate(operation, argument, env) {
  const tokens = new SignInTokens({ secretKey: env.CLERK_SECRET_KEY, apiUrl: env.CLERK_API_URL });
  try {
    return json(200, { token: await tokens[operation](argument) });
  } catch (error) {
    if (!(error instanceof SignInTokensError)) throw error;
    const { code, message, outcome, errors, clerkTraceId, retryAfter } = error;
    return json(error.status ?? 500, { error: { code, message, outcome, errors, clerkTraceId, retryAfter } });
  }
}

/** Compares digests, so that the time taken says nothing about the password. */
async function isAdmin(request, { ADMIN_PASSWORD }) {
  const given = request.headers.get("authorization") ?? "";
  const [a, b] = await Promise.all([given, `Basic ${btoa(`admin:${ADMIN_PASSWORD}`)}`].map(digest));
  return crypto.subtle.timingSafeEqual(a, b);
}

function digest(value) {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(value));
}

/** Browsers send Basic credentials along with other sites' requests too. */
function isSameOrigin(request) {
  const origin = request.headers.get("origin");
  return origin === null ? request.headers.get("sec-fetch-site") === null : origin === new URL(request.url).origin;
}

function json(status, body) {
  return new Response(JSON.stringify(body), { status, headers: { ...HEADERS, "content-type": "application/json" } });
}

function text(status, body, headers = {}) {
  return new Response(body, { status, headers: { ...HEADERS, ...headers, "content-type": "text/plain; charset=utf-8" } });
}
