// This package, each call with a signal of its own.
import { SignInTokens } from "clerk-sign-in-tokens";

import type { Create } from "./package.ts";

export function client(secretKey: string, apiUrl: string): Create {
  const answered = new SignInTokens({ secretKey, apiUrl });
  const silent = new SignInTokens({
    secretKey,
    fetch: () => new Promise(() => {}),
    timeout: 3_600_000,
  });
  return (params) => {
    const tokens = params.userId === "user_silent" ? silent : answered;
    return tokens.create(params, { signal: new AbortController().signal });
  };
}
