// The package, pointed at this page's own origin.
import { SignInTokens } from "clerk-sign-in-tokens";

export function client(options) {
  return new SignInTokens({
    // The edge function has the real one.
    secretKey: "sk_test_held_by_the_edge_function",
    apiUrl: location.origin,
    // People see the countdown, and decide.
    maxRetries: 0,
    ...options,
  });
}

export const tokens = client();
