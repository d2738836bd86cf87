// This package, as its README shows it.
import { type CreateSignInTokenParams, SignInTokens } from "clerk-sign-in-tokens";

export type Create = (params: CreateSignInTokenParams) => Promise<unknown>;

export function client(secretKey: string, apiUrl: string): Create {
  const tokens = new SignInTokens({ secretKey, apiUrl });
  return (params) => tokens.create(params);
}
