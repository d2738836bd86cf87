// A hand-written client: the same request and the same result, and nothing else.

/**
 * @param {string} secretKey
 * @param {string} apiUrl
 * @returns {import("./package.js").Create}
 */
export function client(secretKey, apiUrl) {
  return async ({ userId, orgId, expiresInSeconds }) => {
    const response = await fetch(`${apiUrl}/v1/sign_in_tokens`, {
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
    });
    const body = /** @type {Record<string, unknown>} */ (await response.json());
    if (!response.ok)
      throw Object.assign(new Error(`create: ${response.status}`), { errors: body.errors });
    const { object, id, user_id, status, token, url, created_at, updated_at } = body;
    return {
      object,
      id,
      userId: user_id,
      status,
      token,
      url,
      createdAt: created_at,
      updatedAt: updated_at,
    };
  };
}
