// Every public type, used rightly and wrongly; compiled by types.test.js, not run.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";
import type {
  AttemptEvent, CallOptions, ClerkAPIError, CreateSignInTokenParams, ErrorCode, FetchLike, FetchLikeInit,
  FetchLikeResponse, HeadersLike, Outcome, SignInToken, SignInTokensErrorFields, SignInTokensOptions, SignInTokenStatus,
} from "clerk-sign-in-tokens";
import { createMany, revokeMany } from "clerk-sign-in-tokens/bulk";
import type { ManyOptions, ManyResult } from "clerk-sign-in-tokens/bulk";

const headers: HeadersLike = new Headers({ traceparent: "00" });
const wrapped: FetchLike = async (url: string, init: FetchLikeInit): Promise<FetchLikeResponse> => {
  const { method, redirect, signal, body }: FetchLikeInit = init;
  const texts: string[] = [url, method, redirect, typeof body === "string" ? body : ""];
  return signal.aborted ? Promise.reject(texts) : fetch(url, init);
};
const options: SignInTokensOptions = {
  secretKey: async () => "sk_test_1",
  apiUrl: "https://api.clerk.com",
  fetch: wrapped,
  timeout: 1000,
  maxRetries: 1,
  headers: { a: "b" },
  onAttempt: ({ operation, attempt, duration, status, code, retryIn }: AttemptEvent) => {
    const all: [string, number, number, number | undefined, string | undefined, number | undefined] =
      [operation, attempt, duration, status, code, retryIn];
    return all;
  },
};

export async function use(): Promise<SignInTokenStatus> {
  using tokens = new SignInTokens(options);
  new SignInTokens({ secretKey: "sk_test_1", fetch: globalThis.fetch, headers: [["a", "b"]] }).free();
  const params: CreateSignInTokenParams = { userId: "user_1", orgId: null, expiresInSeconds: 600 };
  const own: CallOptions = { signal: new AbortController().signal, timeout: 1, maxRetries: 0, headers };
  const token: SignInToken = await tokens.create(params, own);
  const texts: [string, string, string | undefined, string | undefined] = [token.id, token.userId, token.token, token.url];
  const times: number[] = [token.createdAt, token.updatedAt];
  const object: "sign_in_token" = token.object;
  await tokens.delete(texts[0], own);
  return (await tokens.revoke(token.id)).status || `${object}${times}`;
}

export function handle(error: unknown): string {
  if (!(error instanceof SignInTokensError)) return "";
  const outcome: Outcome = error.outcome;
  const clerk: ClerkAPIError[] = error.errors;
  const name: "SignInTokensError" = error.name;
  const numbers: (number | undefined)[] = [error.status, error.retryAfter, error.attempts];
  const code: ErrorCode = error.code;
  switch (code) {
    case "invalid_argument": case "unauthorized": case "not_found": case "rejected": case "rate_limited":
    case "server_error": case "network": case "timeout": case "invalid_response": case "internal":
      return `${name} ${outcome} ${clerk[0]?.longMessage} ${clerk[0]?.meta?.["paramName"]} ${numbers} ${error.clerkTraceId} ${error.cause}`;
  }
}

export async function many(client: SignInTokens, users: AsyncIterable<{ userId: string; orgId?: string }>): Promise<string[]> {
  const own: ManyOptions = { concurrency: 5, maxRetries: 3, rateLimit: 1000, signal: null, timeout: 1000, headers };
  const ids: string[] = [];
  for await (const result of createMany(client, users, own)) {
    const { index, input }: ManyResult<{ userId: string; orgId?: string }> = result;
    if (result.token) ids.push(result.token.id);
    else ids.push(`${index} ${input.userId} ${result.error.outcome}`);
  }
  for await (const { input, error } of revokeMany(client, ids)) ids.push(`${input} ${error?.code}`);
  // @ts-expect-error a list of ids is no list of users
  createMany(client, ids);
  return ids;
}

const fields: SignInTokensErrorFields = { code: "not_found", message: "made for a test" };
throw new SignInTokensError(fields);

declare const tokens: SignInTokens;
// @ts-expect-error the key is required
new SignInTokens({});
// @ts-expect-error no such option
new SignInTokens({ secretKey: "sk_test_1", apiURL: "https://api.clerk.com" });
// @ts-expect-error a key is a string
new SignInTokens({ secretKey: 1 });
// @ts-expect-error the user is required
tokens.create({ expiresInSeconds: 1 });
// @ts-expect-error seconds are a number
tokens.create({ userId: "user_1", expiresInSeconds: "1" });
// @ts-expect-error the wire's name is not the option's
tokens.create({ user_id: "user_1" });
// @ts-expect-error an id is a string
tokens.revoke({ id: "sit_1" });
// @ts-expect-error no such call option
tokens.revoke("sit_1", { retries: 1 });
// @ts-expect-error an outcome is "none" or "unknown"
const never: Outcome = "maybe";
// @ts-expect-error an error's fields do not change
(null! as SignInTokensError).code = "timeout";
