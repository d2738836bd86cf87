// Fakes for unit tests: a token as `create` returns it, and a `fetch` that answers as Clerk does,
// without a server.

/**
 * @typedef {import("clerk-sign-in-tokens").SignInToken} SignInToken
 * @typedef {import("clerk-sign-in-tokens/testing").FakeCall} FakeCall
 * @typedef {import("clerk-sign-in-tokens/testing").FakeStep} FakeStep
 */

/** @type {typeof import("clerk-sign-in-tokens/testing").fakeToken} */
export function fakeToken(overrides) {
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

/** @type {typeof import("clerk-sign-in-tokens/testing").fakeFetch} */
export function fakeFetch(script = []) {
  script.forEach((step, index) => {
    if (!isStep(step)) {
      throw new TypeError(
        `script[${index}]: expected 200, 4xx, 5xx, "lost", "silent", a token or a function`,
      );
    }
  });
  /** @type {FakeCall[]} */
  const calls = [];
  /**
   * @param {string} url
   * @param {import("clerk-sign-in-tokens").FetchLikeInit} init
   * @returns {Promise<import("clerk-sign-in-tokens").FetchLikeResponse>}
   */
  const fetch = async (url, { body, signal }) => {
    const [, id] = url.match(/([^/]+)\/revoke$/) ?? [];
    /** @type {FakeCall} */
    const call = id
      ? { operation: "revoke", id: decodeURIComponent(id) }
      : {
          operation: "create",
          params: camelCase(
            JSON.parse(typeof body === "string" ? body : await new Response(body).text()),
          ),
        };
    const step = /** @type {any} */ (script[calls.push(call) - 1]);
    if (typeof step === "function") return step(call);
    if (step === "lost") throw new TypeError("fetch failed");
    if (step === "silent")
      return new Promise((_, reject) => (signal.onabort = () => reject(signal.reason)));
    const status = step > 399 ? step : 200;
    const code = `fake_${status}`;
    const answer =
      status === 200
        ? wire(step?.object ? step : answerTo(call, calls.length))
        : { errors: [{ code, message: code, long_message: code }] };
    // Without a stream: where timers are fake, those of Node wait for ever.
    return {
      status,
      headers: { get: (name) => (status === 429 && name === "retry-after" ? "0" : null) },
      text: async () => JSON.stringify(answer),
    };
  };
  return Object.assign(fetch, { calls });
}

/** @param {any} step */
function isStep(step) {
  return (
    [200, "lost", "silent"].includes(step) ||
    (Number.isInteger(step) && step > 399 && step < 600) ||
    typeof step === "function" ||
    step?.object === "sign_in_token"
  );
}

/**
 * @param {FakeCall} call
 * @param {number} count of the calls so far
 */
function answerTo({ id, params }, count) {
  return params
    ? fakeToken({ id: `sit_fake${count}`, userId: params.userId })
    : fakeToken({ id, status: "revoked", token: undefined, url: undefined });
}

/** @param {SignInToken} token */
function wire({ userId, createdAt, updatedAt, ...rest }) {
  return { ...rest, user_id: userId, created_at: createdAt, updated_at: updatedAt };
}

/** @param {{ user_id: string, org_id?: string, expires_in_seconds?: number }} body */
function camelCase({ user_id, org_id, expires_in_seconds }) {
  return { userId: user_id, orgId: org_id, expiresInSeconds: expires_in_seconds };
}
