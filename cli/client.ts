// Creates the client from the environment.
import { SignInTokens, SignInTokensError, type SignInTokensOptions } from "clerk-sign-in-tokens";

import { UsageError } from "./errors.ts";

/** How the operator named what the client's messages name. */
const NAMES: Record<string, string> = {
  secretKey: "CLERK_SECRET_KEY",
  apiUrl: "CLERK_API_URL",
  userId: "the user",
  orgId: "--org",
  expiresInSeconds: "--expires",
};

/** Returns the client, the address of its API, and the kind of instance that the key is for. */
export function clientFromEnv(options?: Partial<SignInTokensOptions>) {
  const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL } = process.env;
  const apiUrl = CLERK_API_URL || "https://api.clerk.com";
  if (!secretKey) throw new UsageError("CLERK_SECRET_KEY is not set. Set it to the secret key.");
  // Such a key fails for each user, with an error that is not the user's.
  if (/[^\w.~+/=-]/.test(secretKey))
    throw new UsageError(
      "CLERK_SECRET_KEY contains a space, a line end, a quote or another sign that no key has",
    );
  try {
    const tokens = new SignInTokens({ ...options, secretKey, apiUrl });
    return { tokens, apiUrl, instance: tokens.instanceType ?? "development" };
  } catch (error) {
    throw error instanceof SignInTokensError ? usageError(error) : error;
  }
}

/** Returns an error of the client about an argument in the operator's words. */
export function usageError({ message }: Error) {
  return new UsageError(message.replace(/^\w+/, (field) => NAMES[field] ?? field));
}
