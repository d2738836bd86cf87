// Makes one call of the installed package for a test, in whatever runtime this runs, and tells what came of it.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

// One client for many requests, as people write it.
const clients = new Map();

function clientFor(options) {
  const name = JSON.stringify(options);
  if (!clients.has(name)) clients.set(name, new SignInTokens(options));
  return clients.get(name);
}

/** `{ client, operation, argument, options }` comes to `{ token }` or `{ error }`, with what was thrown spelt out. */
export async function call({ client, operation, argument, options }) {
  try {
    return { token: await clientFor(client)[operation](argument, options) };
  } catch (error) {
    const { name, message, code, status, outcome, attempts, errors, clerkTraceId, retryAfter } = error;
    const isSignInTokensError = error instanceof SignInTokensError && error instanceof Error;
    return { error: { isSignInTokensError, name, message, code, status, outcome, attempts, errors, clerkTraceId, retryAfter } };
  }
}

export async function handle(request) {
  return Response.json(await call(await request.json()));
}
