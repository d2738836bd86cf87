// A hand-written client: the same request and the same result, and nothing else.
import type { CreateSignInTokenParams } from "clerk-sign-in-tokens";

import type { Create } from "./package.ts";

export function client(secretKey: string, apiUrl: string): Create {
  return async (params) => {
    const response = await fetch(`${apiUrl}/v1/sign_in_tokens`, request(secretKey, params));
    return result(response, await response.json());
  };
}

export function request(
  secretKey: string,
  { userId, orgId, expiresInSeconds }: CreateSignInTokenParams,
): RequestInit {
  return {
    method: "POST",
    headers: {
      authorization: `Bearer ${secretKey}`,
      "clerk-api-version": "2026-05-12",
      "content-type": "application/json",
      "user-agent": "bare-fetch",
    },
    body: JSON.stringify({
      user_id: userId,
      org_id: orgId,
      expires_in_seconds: expiresInSeconds,
    }),
  };
}

export function result({ ok, status }: Response, answer: unknown) {
  const body = answer as Record<string, unknown>;
  if (!ok) throw Object.assign(new Error(`create: ${status}`), { errors: body.errors });
  const { object, id, user_id, token, url, created_at, updated_at } = body;
  return {
    object,
    id,
    userId: user_id,
    status: body.status,
    token,
    url,
    createdAt: created_at,
    updatedAt: updated_at,
  };
}
