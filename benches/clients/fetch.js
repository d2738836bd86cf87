// A hand-written client: the same request and the same result, and nothing else.

/** @typedef {Parameters<import("./package.js").Create>[0]} Params */

/**
 * @param {string} secretKey
 * @param {string} apiUrl
 * @returns {import("./package.js").Create}
 */
export function client(secretKey, apiUrl) {
  return async (params) => {
    const response = await fetch(`${apiUrl}/v1/sign_in_tokens`, request(secretKey, params));
    const body = /** @type {Record<string, unknown>} */ (await response.json());
    return result(response, body);
  };
}

/**
 * @param {string} secretKey
 * @param {Params} params
 * @returns {RequestInit}
 */
export function request(secretKey, { userId, orgId, expiresInSeconds }) {
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

/**
 * @param {Response} response
 * @param {Record<string, unknown>} body
 */
export function result({ ok, status }, body) {
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
