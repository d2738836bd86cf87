// @clerk/backend, as its documentation shows it.
import { createClerkClient } from "@clerk/backend";

export function client(secretKey: string, apiUrl: string) {
  const clerk = createClerkClient({ secretKey, apiUrl });
  return (params: { userId: string; expiresInSeconds: number }) =>
    clerk.signInTokens.createSignInToken(params);
}
