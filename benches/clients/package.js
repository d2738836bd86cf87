// This package, as its README shows it.
import { SignInTokens } from "clerk-sign-in-tokens";

export function client(secretKey, apiUrl) {
  const tokens = new SignInTokens({ secretKey, apiUrl });
  return (params) => tokens.create(params);
}
