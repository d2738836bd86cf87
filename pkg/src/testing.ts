// Fakes for unit tests: a token as `create` returns it, and a `fetch` that answers as Clerk does,
// without a server.

import type {
  CreateSignInTokenParams,
  FetchLike,
  FetchLikeResponse,
  SignInToken,
} from "clerk-sign-in-tokens";

/**
 * Returns a pending sign-in token in the form of `create`: the same one each time.
 *
 * ```ts
 * fakeToken({ userId: "user_2x" });
 * ```
 *
 * @param overrides replaces the values of these fields.
 */
export function fakeToken(overrides?: Partial<SignInToken>): SignInToken {
  return {
    object: "sign_in_token",
    id: "sit_fake",
    userId: "user_fake",
    status: "pending",
    token: "fake_ticket",
    url: "https://clerk.example.com/v1/tickets/accept?ticket=fake_ticket",
    createdAt: 1767225600000,
    updatedAt: 1767225600000,
    ...overrides,
  };
}

/**
 * Returns a `fetch` for `new SignInTokens({ fetch })` that sends nothing. It answers each request
 * with the next step of the script, and records the requests. After the last step, or without a
 * script, it answers with success.
 *
 * ```ts
 * const fetch = fakeFetch([429, "lost"]);
 * const tokens = new SignInTokens({ secretKey: "sk_test_any", fetch });
 * // Retried after the 429, then fails: outcome "unknown".
 * await tokens.create({ userId: "user_2x" });
 * ```
 *
 * @throws {TypeError} for an invalid step; the message names it.
 */
export function fakeFetch(script: readonly FakeStep[] = []): FakeFetch {
  script.forEach((step, index) => {
    if (!isStep(step)) {
      throw new TypeError(
        `script[${index}]: expected 200, 4xx, 5xx, "lost", "silent", a token or a function`,
      );
    }
  });
  const calls: FakeCall[] = [];
  const fetch: FetchLike = async (url, { body, signal }) => {
    const [, id] = url.match(/([^/]+)\/revoke$/) ?? [];
    // Without an await for a text, so that the call is recorded at once.
    const call: FakeCall = id
      ? { operation: "revoke", id: decodeURIComponent(id) }
      : {
          operation: "create",
          params: paramsOf(
            JSON.parse(typeof body === "string" ? body : await new Response(body).text()),
          ),
        };
    const step = script[calls.push(call) - 1];
    if (typeof step === "function") return step(call);
    if (step === "lost") throw new TypeError("fetch failed");
    if (step === "silent")
      return new Promise((_, reject) => (signal.onabort = () => reject(signal.reason)));
    const status = Number(step) || 200;
    const code = `fake_${status}`;
    const answer =
      status > 399
        ? { errors: [{ code, message: code, long_message: code }] }
        : wire(
            (step as SignInToken)?.object ? (step as SignInToken) : answerTo(call, calls.length),
          );
    // Without a stream: where timers are fake, those of Node wait for ever.
    return {
      status,
      headers: { get: (name) => (status === 429 && name === "retry-after" ? "0" : null) },
      text: async () => JSON.stringify(answer),
    };
  };
  return Object.assign(fetch, { calls });
}

/**
 * The answer to one request:
 * - a number: this HTTP status. 200 is success, 400 to 599 an error in Clerk's form. A 429 has
 *   `Retry-After: 0`;
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

function isStep(step: unknown) {
  return (
    [200, "lost", "silent"].includes(step as string) ||
    (Number.isInteger(step) && (step as number) > 399 && (step as number) < 600) ||
    typeof step === "function" ||
    (step as SignInToken | null)?.object === "sign_in_token"
  );
}

/** Returns the token of a success. `count` is the number of calls so far. */
function answerTo({ id, params }: FakeCall, count: number) {
  return params
    ? fakeToken({ id: `sit_fake${count}`, userId: params.userId })
    : fakeToken({ id, status: "revoked", token: undefined, url: undefined });
}

function wire({ userId, createdAt, updatedAt, ...rest }: SignInToken) {
  return { ...rest, user_id: userId, created_at: createdAt, updated_at: updatedAt };
}

function paramsOf({ user_id, org_id, expires_in_seconds }: Record<string, never>) {
  return { userId: user_id, orgId: org_id, expiresInSeconds: expires_in_seconds };
}
