import type {
  CreateSignInTokenParams,
  FetchLike,
  FetchLikeResponse,
  SignInToken,
} from "./index.js";

/**
 * Returns a pending sign-in token as `create` returns it, the same each time.
 *
 * ```ts
 * fakeToken({ userId: "user_2x" });
 * ```
 *
 * @param overrides fields that are to have another value.
 */
export function fakeToken(overrides?: Partial<SignInToken>): SignInToken;

/**
 * Returns a `fetch` for `new SignInTokens({ fetch })` that sends nothing: it plays the script, one step a request, and
 * records what was asked. When the script is over, and without one, it answers each request with success.
 *
 * ```ts
 * const fetch = fakeFetch([429, "lost"]);
 * const tokens = new SignInTokens({ secretKey: "sk_test_any", fetch });
 * await tokens.create({ userId: "user_2x" }); // repeated after the 429, then fails: outcome "unknown"
 * ```
 *
 * @throws {TypeError} for a step that is none, naming it.
 */
export function fakeFetch(script?: readonly FakeStep[]): FakeFetch;

/**
 * What happens to one request:
 * - a number: the answer has this HTTP status: 200 is success, 400 to 599 an error in Clerk's form. A 429 asks for no wait;
 * - `"lost"`: `fetch` rejects, as when the connection breaks before the answer;
 * - `"silent"`: no answer comes, until the call's timeout or signal ends it;
 * - a token: success, with this token;
 * - a function: answers by itself.
 */
export type FakeStep =
  | number
  | "lost"
  | "silent"
  | SignInToken
  | ((call: FakeCall) => FetchLikeResponse | PromiseLike<FetchLikeResponse>);

/** A {@link FetchLike} that records the requests it got, in order; without the secret key. */
export interface FakeFetch extends FetchLike {
  readonly calls: readonly FakeCall[];
}

/** What one request asked for. Parameters that were not sent are `undefined`. */
export type FakeCall =
  | { operation: "create"; params: CreateSignInTokenParams; id?: undefined }
  | { operation: "revoke"; id: string; params?: undefined };
