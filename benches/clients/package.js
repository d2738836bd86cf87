// This package, as its README shows it.
import { SignInTokens } from "clerk-sign-in-tokens";

/**
 * @typedef {(params: import("clerk-sign-in-tokens").CreateSignInTokenParams) => Promise<unknown>}
 * Create
 */

/**
 * @param {string} secretKey
 * @param {string} apiUrl
 * @returns {Create}
 */
export function client(secretKey, apiUrl) {
  const tokens = new SignInTokens({ secretKey, apiUrl });
  return (params) => tokens.create(params);
}
