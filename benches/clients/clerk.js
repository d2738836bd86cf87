// @clerk/backend, as its documentation shows it.
import { createClerkClient } from "@clerk/backend";

/**
 * @param {string} secretKey
 * @param {string} apiUrl
 * @returns {(params: { userId: string, expiresInSeconds: number }) => Promise<unknown>}
 */
export function client(secretKey, apiUrl) {
  const clerk = createClerkClient({ secretKey, apiUrl });
  return (params) => clerk.signInTokens.createSignInToken(params);
}
