// The two operations, done with the package; Clerk's own answer goes back to the page.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

import { errorResponse } from "./error-response.js";

export async function create(c) {
  const {
    user_id: userId,
    org_id: orgId,
    expires_in_seconds: expiresInSeconds,
  } = (await c.req.json().catch(() => undefined)) ?? {};
  return operate(c, (tokens) => tokens.create({ userId, orgId, expiresInSeconds }));
}

export async function revoke(c) {
  return operate(c, (tokens) => tokens.revoke(c.req.param("id")));
}

/** Without retries: the page has its own, and shows how long it waits. */
async function operate({ env }, call) {
  let answer;
  const tokens = new SignInTokens({
    secretKey: env.CLERK_SECRET_KEY,
    apiUrl: env.CLERK_API_URL,
    maxRetries: 0,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      answer = response.clone();
      return response;
    },
  });
  try {
    await call(tokens);
  } catch (error) {
    if (!(error instanceof SignInTokensError)) throw error;
    const refusal = refusalFor(error);
    if (refusal) return refusal;
  }
  return passOn(answer);
}

/** An error of which Clerk's answer does not tell, or tells wrongly: a 401 is about our key, not about the admin. */
function refusalFor({ code, message, status }) {
  if (code === "invalid_argument") return errorResponse(422, code, message);
  if (code === "unauthorized")
    return errorResponse(
      403,
      "secret_key_refused",
      "Clerk does not accept the secret key of this edge function.",
    );
  if (status === undefined || status < 400) return errorResponse(502, code, message);
  return undefined;
}

function passOn({ status, headers, body }) {
  const kept = ["content-type", "retry-after", "cf-ray"].filter((name) => headers.has(name));
  return new Response(body, { status, headers: kept.map((name) => [name, headers.get(name)]) });
}
