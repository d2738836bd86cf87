// Creates the client from the environment.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

import { UsageError } from "./errors.js";

const DEFAULT_API_URL = "https://api.clerk.com";

/**
 * Returns the client, and the address of its API.
 *
 * @param {Partial<import("clerk-sign-in-tokens").SignInTokensOptions>} [options] more options of the client
 */
export function clientFromEnv(options) {
  const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl = DEFAULT_API_URL } = process.env;
  if (!secretKey) throw new UsageError("CLERK_SECRET_KEY is not set. It must hold the secret key.");
  try {
    return { tokens: new SignInTokens({ ...options, secretKey, apiUrl }), apiUrl };
  } catch (error) {
    if (!(error instanceof SignInTokensError)) throw error;
    /** @type {Record<string, string>} */
    const names = { secretKey: "CLERK_SECRET_KEY", apiUrl: "CLERK_API_URL" };
    throw new UsageError(error.message.replace(/^\w+/, (field) => names[field] ?? field));
  }
}
