// Makes the package's client from the configuration.
import { SignInTokens } from "clerk-sign-in-tokens";

/** @import { Env } from "./types" */

/**
 * Returns a client. Throws if the secret key or the address cannot be used.
 *
 * @param {Env} env
 * @param {typeof fetch} [send] sends its requests
 */
export const clientOf = ({ CLERK_SECRET_KEY, CLERK_API_URL }, send) =>
  new SignInTokens({ secretKey: CLERK_SECRET_KEY, apiUrl: CLERK_API_URL, fetch: send });
