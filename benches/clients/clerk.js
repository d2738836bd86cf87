// @clerk/backend, as its documentation shows it.
import { createClerkClient } from "@clerk/backend";

export function client(secretKey, apiUrl) {
  const clerk = createClerkClient({ secretKey, apiUrl });
  return (params) => clerk.signInTokens.createSignInToken(params);
}
