// The package's client, one for the whole isolate.
import { AsyncLocalStorage } from "node:async_hooks";

import { SignInTokens, type SignInTokensOptions } from "clerk-sign-in-tokens";

import type { Env } from "./types.ts";

/** The call in whose async context the client reports its attempts. */
const call = new AsyncLocalStorage<{ traceId?: string }>();

let made: { of: string; client: SignInTokens } | undefined;

/** Returns the client. Throws if the secret key or the address cannot be used. */
export function clientOf({ CLERK_SECRET_KEY, CLERK_API_URL }: Env) {
  const options: SignInTokensOptions = {
    secretKey: CLERK_SECRET_KEY,
    apiUrl: CLERK_API_URL,
    onAttempt: ({ clerkTraceId }) =>
      Object.assign(call.getStore() ?? {}, { traceId: clerkTraceId }),
  };
  const of = JSON.stringify(options);
  if (made?.of !== of) made = { of, client: new SignInTokens(options) };
  return made.client;
}

/** Calls `work`. Returns its result, and the trace ID of its last attempt. */
export async function traced<T>(work: () => Promise<T>) {
  const trace: { traceId?: string } = {};
  const result = await call.run(trace, work);
  return { result, ...trace };
}
