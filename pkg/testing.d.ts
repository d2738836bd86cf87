import type {
  CreateSignInTokenParams,
  FetchLike,
  FetchLikeResponse,
  SignInToken,
} from "./index.js";

/**
 * Returns a pending sign-in token in the form of `create`: the same one each time.
 *
 * ```ts
 * fakeToken({ userId: "user_2x" });
 * ```
 *
 * @param overrides the fields with other values.
 */
export function fakeToken(overrides?: Partial<SignInToken>): SignInToken;

/**
 * Returns a `fetch` for `new SignInTokens({ fetch })` that sends nothing. It answers each request with the next step of the
 * script, and records the requests. After the last step, or without a script, it answers with success.
 *
 * ```ts
 * const fetch = fakeFetch([429, "lost"]);
 * const tokens = new SignInTokens({ secretKey: "sk_test_any", fetch });
 * await tokens.create({ userId: "user_2x" }); // retried after the 429, then fails: outcome "unknown"
 * ```
 *
 * @throws {TypeError} for an invalid step; the message names it.
 */
export function fakeFetch(script?: readonly FakeStep[]): FakeFetch;

/**
 * The answer to one request:
 * - a number: this HTTP status. 200 is success, 400 to 599 an error in Clerk's form. A 429 has `Retry-After: 0`;
 * - `"lost"`: none; `fetch` rejects, as when the connection breaks before the answer;
 * - `"silent"`: none, until the timeout or the signal of the call ends it;
 * - a token: success with this token;
 * - a function: what it returns.
 */
export type FakeStep =
  | number
  | "lost"
  | "silent"
  | SignInToken
  | ((call: FakeCall) => FetchLikeResponse | PromiseLike<FetchLikeResponse>);

/** A {@link FetchLike} that records its requests in order, without the secret key. */
export interface FakeFetch extends FetchLike {
  readonly calls: readonly FakeCall[];
}

/** The content of one request. Parameters that were not sent are `undefined`. */
export type FakeCall =
  | { operation: "create"; params: CreateSignInTokenParams; id?: undefined }
  | { operation: "revoke"; id: string; params?: undefined };
